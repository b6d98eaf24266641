package io.unpark.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Client of the subset of Confluent's REST API that the serdes need; Apicurio and Karapace speak it too. Ids and schemas never
 * change, so they are kept; "latest" and compatibility are asked each time.
 *
 * <p>Source of facts: Confluent, "Schema Registry API Reference".
 */
public final class HttpRegistryClient implements RegistryClient {
    private static final int MAX_CACHED = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryHttp http;
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<SubjectText, Integer> ids = new ConcurrentHashMap<>();

    /** Opens no connection yet. */
    public HttpRegistryClient(RegistryConfig config) {
        this.http = new RegistryHttp(config);
    }

    @Override
    public int register(String subject, Schema schema) {
        String path = subjectPath(subject) + "/versions";
        try {
            return cachedId(subject, schema, path);
        } catch (RegistryException e) {
            if (e.errorCode() != RegistryException.INCOMPATIBLE) {
                throw e;
            }
            return registeredMeanwhile(subject, schema, path);
        }
    }

    /** Apicurio answers 409 too when two register a new subject at once; by now one of them has. Else it is refused again. */
    private int registeredMeanwhile(String subject, Schema schema, String path) {
        try {
            return idOf(subject, schema);
        } catch (RegistryException e) {
            return cachedId(subject, schema, path);
        }
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return cachedId(subject, schema, subjectPath(subject));
    }

    @Override
    public Schema schemaOf(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        RegistryHttp.Answer answer = http.get("/schemas/ids/" + id);
        if (answer.status() == 404 && saysRegistry(answer)) {
            throw new UnknownSchemaException(id);
        }
        Schema schema = parse(ok(answer), "schema with id " + id);
        put(schemas, id, schema);
        return schema;
    }

    @Override
    public RegisteredSchema latest(String subject) {
        JsonNode version = ok(http.get(subjectPath(subject) + "/versions/latest"));
        return new RegisteredSchema(
                subject,
                number(version, "id"),
                number(version, "version"),
                parse(version, "latest version of " + subject));
    }

    @Override
    public boolean isCompatible(String subject, Schema schema) {
        String path = "/compatibility" + subjectPath(subject) + "/versions/latest";
        RegistryHttp.Answer answer = http.post(path, body(RegisteredText.of(schema)));
        if (answer.status() == 404) {
            return true; // nothing was written under this subject yet
        }
        return ok(answer).path("is_compatible").asBoolean(false);
    }

    /** A proxy's own 404 says nothing of the schema: only a registry numbers its errors 404xx. */
    private static boolean saysRegistry(RegistryHttp.Answer answer) {
        return json(answer.body()).path("error_code").asInt() / 100 == 404;
    }

    private int cachedId(String subject, Schema schema, String path) {
        SubjectText key = new SubjectText(subject, RegisteredText.of(schema));
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        int id = number(ok(http.post(path, body(key.text))), "id");
        put(ids, key, id);
        return id;
    }

    private static <K, V> void put(Map<K, V> cache, K key, V value) {
        if (cache.size() >= MAX_CACHED) {
            cache.clear();
        }
        cache.put(key, value);
    }

    private static String body(String schemaText) {
        return JSON.createObjectNode().put("schema", schemaText).toString();
    }

    private static String subjectPath(String subject) {
        return "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static JsonNode ok(RegistryHttp.Answer answer) {
        JsonNode json = json(answer.body());
        if (answer.status() / 100 == 2) {
            return json;
        }
        throw new RegistryException(
                json.path("error_code").asInt(answer.status()),
                "registry answered " + answer.status() + ": "
                        + json.path("message").asText("without a message"));
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // a proxy's page, say; the status tells enough
        }
    }

    private static int number(JsonNode json, String field) {
        if (!json.path(field).canConvertToInt()) {
            throw new RegistryException(502, "registry's answer has no " + field + ": is this address a registry?");
        }
        return json.get(field).asInt();
    }

    private static Schema parse(JsonNode json, String what) {
        String type = json.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO") || !json.path("references").isEmpty()) {
            throw new SerializationException(what + " is not self-contained Avro but " + type);
        }
        if (!json.path("schema").isTextual()) {
            throw new RegistryException(502, "registry's answer has no schema: is this address a registry?");
        }
        try {
            return new Schema.Parser().parse(json.get("schema").asText());
        } catch (AvroRuntimeException e) {
            throw new SerializationException(what + " cannot be parsed", e);
        }
    }

    private record SubjectText(String subject, String text) {}
}
