package io.quorate.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration once: flags win over the environment, the environment over the file, the
 * file over the defaults. Whatever nobody asked for by an existing name is refused.
 */
public final class ConfigReader {
  private static final long FILE_BYTES_MAX = 1L << 20;

  /** Any of these says that the node is meant for a cluster. */
  private static final Set<String> CLUSTER_KEYS =
      Set.of("node.id", "node.role", "cluster.bootstrap", "cluster.join", "cluster.secret_file");

  /** Kubernetes sets these by itself for a service whose name begins like one of our sections. */
  private static final Pattern SET_BY_OTHERS =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_.*)?)");

  private final ConfigSources sources;

  ConfigReader(ConfigSources sources) {
    this.sources = sources;
  }

  /**
   * Reads and checks everything.
   *
   * @throws ConfigException in one line, when a key is unknown, a value is wrong, or the values do
   *     not fit together
   */
  public static LoadedConfig read(ConfigSources sources) {
    ConfigReader reader = new ConfigReader(sources);
    Map<SettingKey, Given> given = reader.collect(SettingKey.of(NodeConfig.class));
    given.forEach(reader::parse);
    Map<SettingKey, Given> complete = deriveMode(given);
    return new LoadedConfig(reader.build(NodeConfig.class, complete), reader.lines(complete));
  }

  /** Every key with the strongest text that somebody gave for it. */
  Map<SettingKey, Given> collect(List<SettingKey> keys) {
    Map<String, SettingKey> byName =
        keys.stream().collect(Collectors.toMap(SettingKey::name, key -> key));
    Map<String, JsonNode> file = readFile(byName);
    refuseUnknownFlags(byName);
    refuseUnknownVariables(keys);
    Map<SettingKey, Given> given = new LinkedHashMap<>();
    for (SettingKey key : keys) {
      given.put(key, strongest(key, file.get(key.name())));
    }
    return given;
  }

  private Given strongest(SettingKey key, @Nullable JsonNode inFile) {
    String flag = sources.flags().get(key.name());
    if (flag != null) {
      return new Given(flag, Origin.FLAG);
    }
    String variable = sources.environment().getOrDefault(key.variable(), "");
    if (!variable.isBlank()) {
      return new Given(variable, Origin.ENVIRONMENT);
    }
    if (inFile != null) {
      return new Given(key.textOf(inFile), Origin.FILE);
    }
    String fallback = sources.fallbacks().get(key.name());
    return fallback == null
        ? new Given(key.setting().value(), Origin.DEFAULT)
        : new Given(fallback, Origin.DERIVED);
  }

  /**
   * A node is standalone when nothing was said, and belongs to a cluster when something was said
   * that only a cluster needs. In a cluster a name must be chosen: a default would soon be taken.
   */
  private static Map<SettingKey, Given> deriveMode(Map<SettingKey, Given> given) {
    boolean speaksOfCluster =
        given.entrySet().stream()
            .anyMatch(
                each ->
                    CLUSTER_KEYS.contains(each.getKey().name())
                        && each.getValue().origin() != Origin.DEFAULT);
    Map<SettingKey, Given> derived = new LinkedHashMap<>(given);
    for (SettingKey key : given.keySet()) {
      if (speaksOfCluster && key.name().equals("node.mode")) {
        derived.computeIfPresent(
            key,
            (mode, old) ->
                old.origin() == Origin.DEFAULT ? new Given("cluster", Origin.DERIVED) : old);
      }
    }
    boolean cluster = textOf("node.mode", derived).text().equalsIgnoreCase("cluster");
    ConfigException.require(
        !cluster || textOf("node.id", derived).origin() != Origin.DEFAULT,
        "node.id is required in a cluster; give the node a name with --node-id");
    return derived;
  }

  private static Given textOf(String name, Map<SettingKey, Given> given) {
    return given.entrySet().stream()
        .filter(each -> each.getKey().name().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private Map<String, JsonNode> readFile(Map<String, SettingKey> keys) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    Path file = sources.file();
    if (file == null) {
      return values;
    }
    JsonNode tree = parse(file);
    for (Map.Entry<String, JsonNode> section : tree.properties()) {
      if (!section.getValue().isObject()) {
        throw unknown(section.getKey(), file.toString(), keys.keySet());
      }
      for (Map.Entry<String, JsonNode> value : section.getValue().properties()) {
        String name = section.getKey() + "." + value.getKey();
        if (!keys.containsKey(name)) {
          throw unknown(name, file.toString(), keys.keySet());
        }
        values.put(name, value.getValue());
      }
    }
    return values;
  }

  private static JsonNode parse(Path file) {
    try {
      ConfigException.require(
          Files.size(file) <= FILE_BYTES_MAX, "config file %s is larger than 1MiB", file);
      return new TomlMapper().readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new ConfigException("config file " + file + " does not exist", e);
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("not TOML");
      throw new ConfigException(
          "config file " + file + ", line " + e.getLocation().getLineNr() + ": " + reason, e);
    } catch (IOException e) {
      throw new ConfigException("cannot read config file " + file + ": " + e.getMessage(), e);
    }
  }

  private void refuseUnknownFlags(Map<String, SettingKey> keys) {
    for (String name : sources.flags().keySet()) {
      if (!keys.containsKey(name)) {
        throw unknown(name, "the flags", keys.keySet());
      }
    }
  }

  private void refuseUnknownVariables(List<SettingKey> keys) {
    Set<String> known = keys.stream().map(SettingKey::variable).collect(Collectors.toSet());
    Set<String> sections =
        keys.stream().map(SettingKey::section).collect(Collectors.toUnmodifiableSet());
    for (String variable : sources.environment().keySet()) {
      boolean ours =
          sections.stream()
              .anyMatch(section -> variable.startsWith("QUORATE_" + upper(section) + "_"));
      if (ours && !known.contains(variable) && !SET_BY_OTHERS.matcher(variable).matches()) {
        throw unknown(variable, "the environment", known);
      }
    }
  }

  private static String upper(String section) {
    return section.toUpperCase(Locale.ROOT);
  }

  private static ConfigException unknown(String name, String place, Set<String> known) {
    String hint =
        NearestName.find(name, known).map(near -> "; did you mean \"" + near + "\"?").orElse("");
    return new ConfigException("unknown key \"" + name + "\" in " + place + hint);
  }

  /** Builds the tree by the canonical constructors, whose checks refuse what does not fit. */
  <T extends Record> T build(Class<T> tree, Map<SettingKey, Given> given) {
    List<@Nullable Object> rooms = new ArrayList<>();
    for (RecordComponent room : tree.getRecordComponents()) {
      List<@Nullable Object> values = new ArrayList<>();
      given.forEach(
          (key, text) -> {
            if (key.section().equals(room.getName())) {
              values.add(parse(key, text));
            }
          });
      rooms.add(construct(room.getType(), values));
    }
    return tree.cast(construct(tree, rooms));
  }

  private @Nullable Object parse(SettingKey key, Given given) {
    try {
      return key.parse(given.text(), sources.heapBytes());
    } catch (ConfigException e) {
      throw given.origin() == Origin.ENVIRONMENT
          ? new ConfigException(e.getMessage() + " (from " + key.variable() + ")", e)
          : e;
    }
  }

  private static Object construct(Class<?> type, List<@Nullable Object> values) {
    try {
      Constructor<?> canonical = type.getDeclaredConstructors()[0];
      return canonical.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException) {
        throw (ConfigException) e.getCause();
      }
      throw new IllegalStateException("cannot make " + type.getSimpleName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type.getSimpleName(), e);
    }
  }

  List<LoadedConfig.Line> lines(Map<SettingKey, Given> given) {
    List<LoadedConfig.Line> lines = new ArrayList<>();
    given.forEach(
        (key, text) ->
            lines.add(
                new LoadedConfig.Line(key.name(), key.display(parse(key, text)), text.origin())));
    return lines;
  }

  /** The text of a value and who gave it. */
  record Given(String text, Origin origin) {}
}
