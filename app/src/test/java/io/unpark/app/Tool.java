package io.unpark.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of this machine, where it is there. */
record Tool(Path program) {
    /** Prints that it is missing when it is. */
    static Optional<Tool> of(String name) {
        Optional<Tool> tool = Stream.of(System.getenv("PATH").split(":"))
                .map(it -> Path.of(it, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Tool::new);
        if (tool.isEmpty()) {
            System.out.println("Skipped: there is no " + name + " on this machine");
        }
        return tool;
    }

    /** Runs it; what it printed, and the exit code in a last line. */
    String run(Path folder, String input, String... words) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        try {
            Path stdin = Files.writeString(Files.createTempFile("unpark-tool", ".txt"), input);
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(stdin.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            Files.delete(stdin);
            return output + "\nexit code " + exitCode;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
