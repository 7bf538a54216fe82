package io.quorate.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds what users read about the keys to the keys that exist. */
final class ConfigDocumentsTest {
  private static final Path MANUAL = Path.of("..", "docs", "operations.md");
  private static final Path EXAMPLE = Path.of("src", "main", "dist", "etc", "quorate.toml");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z]+\\.[a-z_]+)` +\\|[^|]+\\| (?:`([^`]*)`|–) *\\|[^|]+\\|");

  @TempDir Path directory;

  @Test
  void the_manual_lists_exactly_the_keys_that_exist_with_their_defaults() throws IOException {
    Map<String, String> documented = new LinkedHashMap<>();
    Matcher row = ROW.matcher(Files.readString(MANUAL));
    while (row.find()) {
      String fallback = row.group(2) == null ? "" : row.group(2);
      assertThat(documented.put(row.group(1), fallback)).isNull();
    }

    Map<String, String> existing = new LinkedHashMap<>();
    SettingKey.of(NodeConfig.class).forEach(key -> existing.put(key.name(), key.setting().value()));
    assertThat(documented).containsExactlyEntriesOf(existing);
  }

  @Test
  void the_example_as_shipped_changes_nothing() {
    assertThat(read(EXAMPLE).config()).isEqualTo(read(null).config());
  }

  @Test
  void the_example_uncommented_sets_every_key_to_its_default() throws IOException {
    String uncommented = Files.readString(EXAMPLE).replaceAll("(?m)^#([a-z_]+ = )", "$1");
    Path file = Files.writeString(directory.resolve("quorate.toml"), uncommented);

    LoadedConfig loaded = read(file);

    assertThat(loaded.config()).isEqualTo(read(null).config());
    List<LoadedConfig.Line> notInFile =
        loaded.lines().stream().filter(line -> line.origin() != Origin.FILE).toList();
    assertThat(notInFile).isEmpty();
  }

  private static LoadedConfig read(@Nullable Path file) {
    return ConfigReader.read(new ConfigSources(Map.of(), Map.of(), file, 1L << 30));
  }
}
