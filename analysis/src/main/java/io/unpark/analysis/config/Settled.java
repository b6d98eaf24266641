package io.unpark.analysis.config;

import io.unpark.analysis.config.Overrides.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One value that is in force, as text, and where it comes from.
 *
 * @param scope for whom: "" for all, else {@code " for service S for route R"}
 * @param source {@code default}, {@code file}, or the environment variable
 */
public record Settled(String key, String scope, String value, String source) {

    /**
     * Every setting, and every override, in the order of the table of settings.
     *
     * @throws ConfigReader.ConfigException for the first mistake found
     */
    public static List<Settled> all(Map<?, ?> file, Map<String, String> environment) {
        Map<Setting, Object> variables = ConfigReader.ofEnvironment(environment);
        Map<Scope, Map<Setting, Object>> said = ConfigReader.ofFile(file);
        Map<Setting, Object> forAll = said.getOrDefault(Scope.ALL, Map.of());
        List<Settled> settled = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (variables.containsKey(setting)) {
                settled.add(of(setting, "", variables.get(setting), setting.variable()));
            } else if (forAll.containsKey(setting)) {
                settled.add(of(setting, "", forAll.get(setting), "file"));
            } else {
                settled.add(of(setting, "", setting.defaultValue(), "default"));
            }
            said.forEach((scope, values) -> {
                if (!scope.equals(Scope.ALL) && values.containsKey(setting)) {
                    settled.add(of(setting, scope.toString(), values.get(setting), "file"));
                }
            });
        }
        return settled;
    }

    private static Settled of(Setting setting, String scope, Object value, String source) {
        return new Settled(setting.key(), scope, Values.text(setting, value), source);
    }
}
