package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The document of the whole HTTP API, {@code /api/v1/openapi.yaml} and {@code .json}. */
final class OpenApiResource {
    private static final String FILE = "openapi.yaml";

    private OpenApiResource() {}

    static void register(JavalinConfig config) {
        String yaml = yaml();
        JsonNode json = json(yaml);
        SinkRoutes.get(config, "/api/v1/openapi.json", context -> Answers.json(context, json));
        SinkRoutes.get(
                config,
                "/api/v1/openapi.yaml",
                context ->
                        context.contentType("application/yaml; charset=utf-8").result(yaml));
    }

    private static String yaml() {
        try (InputStream file = OpenApiResource.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String yaml) {
        try {
            return new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new IllegalStateException(FILE + " is not YAML", e);
        }
    }
}
