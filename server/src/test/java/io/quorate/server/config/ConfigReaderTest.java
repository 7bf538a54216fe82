package io.quorate.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.config.IdentityConfig.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigReaderTest {
  private static final long HEAP_BYTES = 4L << 30;

  @TempDir Path directory;
  private final Map<String, String> flags = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void nothing_said_is_a_standalone_node_on_loopback() {
    NodeConfig config = read("");

    assertThat(config.node().id()).isEqualTo("n1");
    assertThat(config.node().mode()).isEqualTo(Mode.STANDALONE);
    assertThat(config.node().data()).isEqualTo(Path.of("quorate-data"));
    assertThat(config.network().clientAddr()).isEqualTo(new HostPort("127.0.0.1", 8765));
    assertThat(config.network().advertisedAddr()).isEqualTo(config.network().clientAddr());
    assertThat(config.cluster().join()).isEmpty();
    assertThat(config.cluster().secretFile()).isNull();
    assertThat(config.cluster().electionTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.log().segmentBytes()).isEqualTo(64L << 20);
    assertThat(config.store().cacheMebibytes()).isEqualTo(1024);
    assertThat(config.logging().level()).isEqualTo(LoggingConfig.Level.INFO);
  }

  @Test
  void a_fallback_wins_over_the_default_alone() {
    Map<String, String> fallbacks = Map.of("node.data", "d", "network.client_addr", "127.0.0.1:0");
    LoadedConfig loaded =
        ConfigReader.read(
            new ConfigSources(Map.of("node.data", "mine"), Map.of(), null, fallbacks, HEAP_BYTES));
    assertThat(loaded.config().node().data()).isEqualTo(Path.of("mine"));
    assertThat(loaded.config().network().clientAddr().port()).isZero();
    assertThat(loaded.toDisplay())
        .containsPattern("network.client_addr += 127.0.0.1:0 +# derived\n");
    assertThatThrownBy(
            () ->
                ConfigReader.read(
                    new ConfigSources(
                        Map.of(), Map.of(), null, Map.of("log.segment_bytes", "x"), HEAP_BYTES)))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void a_flag_wins_over_the_environment_and_this_over_the_file() {
    String file = "[node]\nmode = \"standalone\"\nzone = \"file\"\ndata = \"file\"\nid = \"file\"";
    environment.put("QUORATE_NODE_ZONE", "env");
    environment.put("QUORATE_NODE_DATA", "env");
    flags.put("node.zone", "flag");

    LoadedConfig loaded = load(file);

    assertThat(loaded.config().node().zone()).isEqualTo("flag");
    assertThat(loaded.config().node().data()).isEqualTo(Path.of("env"));
    assertThat(loaded.config().node().id()).isEqualTo("file");
    assertThat(loaded.toDisplay())
        .containsPattern("(?m)^node\\.id +=  ?file +# file$")
        .containsPattern("(?m)^node\\.data +=  ?env +# env$")
        .containsPattern("(?m)^node\\.zone +=  ?flag +# flag$")
        .containsPattern("(?m)^node\\.role +=  ?voter +# default$");
  }

  @Test
  void a_variable_that_is_set_to_nothing_counts_as_absent() {
    environment.put("QUORATE_NODE_ZONE", "");

    assertThat(read("[node]\nzone = \"file\"").node().zone()).isEqualTo("file");
  }

  @Test
  void every_type_is_read_from_a_file() {
    NodeConfig config =
        read(
            """
            cluster.join = ["h1:8965", "[::1]:8966"]
            cluster.secret_file = "etc/secret"
            [node]
            id = "n2"
            role = "Learner"
            [network]
            insecure = true
            client_domain = "db.example.org:443"
            [store]
            cache_mebibytes = 64
            checkpoint_bytes = 1048576
            [logging]
            format = "json"
            """);

    assertThat(config.node().mode()).isEqualTo(Mode.CLUSTER);
    assertThat(config.node().role()).isEqualTo(IdentityConfig.Role.LEARNER);
    assertThat(config.cluster().join())
        .containsExactly(new HostPort("h1", 8965), new HostPort("::1", 8966));
    assertThat(config.cluster().secretFile()).isEqualTo(Path.of("etc", "secret"));
    assertThat(config.network().insecure()).isTrue();
    assertThat(config.network().advertisedAddr()).hasToString("db.example.org:443");
    assertThat(config.store().cacheMebibytes()).isEqualTo(64);
    assertThat(config.store().checkpointBytes()).isEqualTo(1L << 20);
    assertThat(config.logging().format()).isEqualTo(LoggingConfig.Format.JSON);
  }

  @Test
  void tls_and_the_bounds_of_clients_are_read_and_checked() {
    NodeConfig config =
        read(
            """
            [tls]
            cert = "c.pem"
            key = "c.key"
            ca = "ca.pem"
            client_auth = "require"
            [clients]
            connections = 5
            answer_stall = "2s"
            """);

    assertThat(config.tls().clientAuth()).isEqualTo(TlsConfig.ClientAuth.REQUIRE);
    assertThat(config.clients()).isEqualTo(new ClientsConfig(5, Duration.ofSeconds(2)));
    refuses("[tls]\ncert = \"c.pem\"").hasMessage("tls.cert and tls.key go together");
    refuses("[tls]\nca = \"c.pem\"").hasMessage("tls.ca needs tls.cert and tls.key");
    refuses("[tls]\nclient_auth = \"want\"").hasMessageStartingWith("tls.ca and tls.client_auth");
    refuses("[clients]\nconnections = 0")
        .hasMessage("clients.connections is between 1 and 1000000, not 0");
    refuses("[clients]\nconnections = \"25%\"")
        .hasMessage("clients.connections is a whole number, not \"25%\"");
    refuses("[clients]\nanswer_stall = \"0s\"").hasMessageContaining("between 1ms and 24h");
  }

  @Test
  void a_list_in_the_environment_is_separated_by_commas() {
    environment.put("QUORATE_CLUSTER_JOIN", "h1:1, h2:2");
    environment.put("QUORATE_NODE_ID", "n3");

    assertThat(read("").cluster().join())
        .containsExactly(new HostPort("h1", 1), new HostPort("h2", 2));
  }

  @Test
  void an_unknown_key_is_refused_by_its_full_name_with_what_was_meant() {
    refuses("[network]\nclient_adr = \"127.0.0.1:1\"")
        .hasMessageContaining("unknown key \"network.client_adr\" in ")
        .hasMessageEndingWith("quorate.toml; did you mean \"network.client_addr\"?");
    refuses("[node]\nclient_addr = \"127.0.0.1:1\"")
        .hasMessageContaining("\"node.client_addr\"")
        .hasMessageEndingWith("did you mean \"network.client_addr\"?");
    refuses("[nonsense]\nwhatever = 1")
        .hasMessageContaining("\"nonsense.whatever\"")
        .hasMessageNotContaining("did you mean");
    refuses("zone = \"a\"").hasMessageContaining("unknown key \"zone\"");
  }

  @Test
  void an_unknown_variable_of_ours_is_refused_and_others_are_left_alone() {
    environment.put("QUORATE_TRACE", "1");
    environment.put("QUORATE_JAVA_OPTS", "-Xmx1g");
    environment.put("QUORATE_NODE_SERVICE_HOST", "10.0.0.1");
    environment.put("QUORATE_NODE_PORT_8765_TCP_ADDR", "10.0.0.1");
    environment.put("PATH", "/bin");
    assertThat(read("").node().mode()).isEqualTo(Mode.STANDALONE);

    environment.put("QUORATE_NODE_ZONES", "a");
    refuses("")
        .hasMessage(
            "unknown key \"QUORATE_NODE_ZONES\" in the environment;"
                + " did you mean \"QUORATE_NODE_ZONE\"?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          cluster.heartbeat_interval = 250   | cluster.heartbeat_interval is a duration such as "250ms", not 250
          cluster.election_timeout = "fast"  | cluster.election_timeout is a duration in ms, s, m or h such as 250ms, not "fast"
          cluster.bootstrap = "yes"          | cluster.bootstrap is true or false, not "yes"
          cluster.join = "h1:8965"           | cluster.join is a list of addresses such as ["127.0.0.1:8965"], not "h1:8965"
          cluster.join = [1]                 | cluster.join is a list of addresses such as ["127.0.0.1:8965"], not 1
          node.role = "boss"                 | node.role is voter or learner or witness, not "boss"
          node.id = 7                        | node.id is a text in quotes, not 7
          node.id = "a b"                    | node.id is 1 to 64 of A-Z a-z 0-9 _ . -, not "a b"
          log.segment_bytes = "64MB"         | log.segment_bytes is a size in bytes, KiB, MiB, GiB or TiB such as 64MiB, not "64MB"
          log.segment_bytes = 1.5            | log.segment_bytes is a size such as "64MiB", not 1.5
          log.segment_bytes = "32KiB"        | log.segment_bytes is between 64KiB and 1GiB, not 32KiB
          log.entry_bytes_max = "65MiB"      | log.entry_bytes_max is between 4KiB and 8MiB, not 65MiB
          log.snapshot_log_bytes = "1MiB"    | log.snapshot_log_bytes 1MiB is less than log.segment_bytes 64MiB
          store.unsaved_bytes_max = "64MiB"  | store.unsaved_bytes_max 64MiB is not more than store.checkpoint_bytes 64MiB
          store.cache_mebibytes = 0          | store.cache_mebibytes is at least 1, not 0
          cluster.heartbeat_timeout = "3s"   | cluster.heartbeat_timeout 3s is not more than 3 times cluster.heartbeat_interval 1s
          cluster.election_timeout = "100ms" | cluster.election_timeout 100ms is not more than cluster.election_check_delay 100ms
          network.admin_addr = "127.0.0.1:8765" | network.client_addr and network.admin_addr are both 127.0.0.1:8765
          network.client_addr = "8765"       | network.client_addr is an address is host:port
          """)
  void a_bad_value_is_refused_by_the_name_of_its_key(String line, String message) {
    refuses(line).hasMessageStartingWith(message);
  }

  @Test
  void a_bad_value_in_the_environment_is_told_with_the_variable() {
    environment.put("QUORATE_LOGGING_LEVEL", "loud");

    refuses("")
        .hasMessage(
            "logging.level is trace or debug or info or warn or error, not \"loud\""
                + " (from QUORATE_LOGGING_LEVEL)");
  }

  @Test
  void a_file_that_is_not_toml_is_refused_with_the_line() {
    refuses("[node]\nid = \n")
        .hasMessageContaining("quorate.toml, line 2: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void a_file_that_is_not_there_is_refused() {
    ConfigSources sources =
        new ConfigSources(Map.of(), Map.of(), directory.resolve("none.toml"), HEAP_BYTES);

    assertThatThrownBy(() -> ConfigReader.read(sources))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("none.toml does not exist");
  }

  @Test
  void an_address_of_members_beyond_loopback_needs_insecure() {
    flags.put("network.peer_addr", "0.0.0.0:8965");
    refuses("")
        .hasMessageStartingWith("network.peer_addr 0.0.0.0:8965 reaches beyond this machine")
        .hasMessageContaining("--insecure");

    flags.put("network.insecure", "true");
    assertThat(read("").network().peerAddr()).hasToString("0.0.0.0:8965");
  }

  @Test
  void an_address_of_clients_beyond_loopback_is_for_the_node_to_judge() {
    assertThat(read("").network().reachable()).isEmpty();
    flags.put("network.admin_addr", "0.0.0.0:8865");
    assertThat(read("").network().reachable()).contains("network.admin_addr 0.0.0.0:8865");
    flags.put("network.client_addr", "0.0.0.0:8765");
    assertThat(read("").network().reachable()).contains("network.client_addr 0.0.0.0:8765");
  }

  @Test
  void the_first_user_has_a_name_and_a_password() {
    assertThat(read("").security().demandsPassword()).isFalse();
    flags.put("security.user", "admin");
    refuses("").hasMessageContaining("belong together");
    flags.put("security.password_file", "secret.txt");
    assertThat(read("").security().demandsPassword()).isTrue();
    flags.put("security.iterations", "1000");
    refuses("").hasMessageContaining("between 4096 and 600000");
    flags.put("security.iterations", "10000");
    assertThat(read("").security().iterationCount()).isEqualTo(10000);
    flags.put("security.user", "a\"b");
    refuses("").hasMessageStartingWith("security.user is at most");
  }

  @Test
  void what_only_a_cluster_needs_makes_it_one_and_it_needs_a_name() {
    flags.put("cluster.join", "h1:8965");
    refuses("").hasMessageStartingWith("node.id is required in a cluster");

    flags.put("node.id", "n2");
    LoadedConfig loaded = load("");
    assertThat(loaded.config().node().mode()).isEqualTo(Mode.CLUSTER);
    assertThat(loaded.toDisplay()).containsPattern("node\\.mode += cluster +# derived\n");
  }

  @Test
  void settings_that_contradict_each_other_are_refused() {
    flags.put("node.id", "n2");
    flags.put("cluster.join", "h1:8965");
    refuses("[node]\nmode = \"standalone\"").hasMessageContaining("need node.mode cluster");
    refuses("[cluster]\nbootstrap = true").hasMessageContaining("exclude each other");

    flags.remove("cluster.join");
    flags.put("node.role", "witness");
    refuses("[cluster]\nbootstrap = true").hasMessageContaining("but node.role is witness");
    refuses("[node]\nmode = \"standalone\"").hasMessageContaining("needs a cluster");
  }

  @Test
  void a_node_id_is_a_name_that_a_member_may_have() {
    String longest = "Az09_.-" + "x".repeat(57);
    flags.put("node.id", longest);
    assertThat(new MemberId(read("").node().id(), 1).name()).isEqualTo(longest);

    flags.put("node.id", longest + "x");
    refuses("").hasMessageStartingWith("node.id is 1 to 64");
    assertThatThrownBy(() -> new MemberId(longest + "x", 1)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void a_running_node_shows_each_key_as_it_would_be_written() {
    flags.put("security.user", "root");
    flags.put("security.password_file", "password.txt");
    flags.put("network.admin_http_status", "SEMANTIC");
    flags.put("log.segment_bytes", "16MiB");

    Map<String, String> shown = read("").shown();

    assertThat(shown)
        .hasSameSizeAs(SettingKey.of(NodeConfig.class))
        .containsEntry("security.password_file", "password.txt")
        .containsEntry("network.admin_http_status", "semantic")
        .containsEntry("network.client_domain", "(unset)")
        .containsEntry("cluster.join", "(unset)")
        .containsEntry("cluster.election_timeout", "250ms")
        .containsEntry("log.segment_bytes", "16MiB");
  }

  /** A configuration with a secret, which the node's has not yet. */
  record Vault(Room room) {}

  record Room(
      @Setting(value = "", secret = true) String token,
      @Setting(value = "1s", secret = true) Duration pause,
      @Setting("open") String door) {}

  @Test
  void a_secret_is_masked_in_the_listing_and_in_messages() {
    environment.put("QUORATE_ROOM_TOKEN", "s3cret");
    ConfigReader reader = new ConfigReader(new ConfigSources(flags, environment, null, HEAP_BYTES));
    var given = reader.collect(SettingKey.of(Vault.class));

    assertThat(reader.build(Vault.class, given).room().token()).isEqualTo("s3cret");
    assertThat(LoadedConfig.toDisplay(reader.lines(given)))
        .isEqualTo(
            """
            room.token = ********  # env
            room.pause = ********  # default
            room.door  = open      # default
            """);
    SettingKey pause = SettingKey.of(Vault.class).get(1);
    assertThatThrownBy(() -> pause.parse("s3cret", HEAP_BYTES))
        .hasMessageStartingWith("room.pause is a duration")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void the_listing_is_aligned_and_complete() {
    List<String> lines = load("").toDisplay().lines().toList();

    assertThat(lines).hasSameSizeAs(SettingKey.of(NodeConfig.class));
    assertThat(lines.stream().map(line -> line.indexOf('=')).distinct()).hasSize(1);
    assertThat(lines.stream().map(line -> line.indexOf('#')).distinct()).hasSize(1);
    assertThat(lines).anyMatch(line -> line.matches("cluster\\.join += \\(unset\\) +# default"));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refuses(String toml) {
    return assertThatThrownBy(() -> load(toml)).isInstanceOf(ConfigException.class);
  }

  private NodeConfig read(String toml) {
    return load(toml).config();
  }

  private LoadedConfig load(String toml) {
    try {
      Path file = Files.writeString(directory.resolve("quorate.toml"), toml);
      return ConfigReader.read(new ConfigSources(flags, environment, file, HEAP_BYTES));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
