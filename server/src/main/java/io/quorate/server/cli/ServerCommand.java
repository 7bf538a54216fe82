package io.quorate.server.cli;

import io.quorate.server.NodeHost;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.config.LoadedConfig;
import io.quorate.server.config.NodeConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quorate server}: one node in the foreground. */
@Command(
    name = "server",
    description = {
      "Runs one node in the foreground. With no option at all it is a standalone node in"
          + " ./quorate-data.",
      "What a flag sets wins over the environment (QUORATE_...), the environment over the file,"
          + " the file over the defaults."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped cleanly",
      "1:could not start",
      "2:the command line or the configuration is wrong",
      "3:stopped by itself because of a failure"
    })
public final class ServerCommand implements Callable<Integer> {
  private final Function<NodeConfig, Service> services;
  private final StopSignals signals;

  @Spec @Nullable CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "TOML file to read.")
  @Nullable Path config;

  @Option(names = "--node-id", paramLabel = "ID", description = "Name, unique in the cluster.")
  @Nullable String nodeId;

  @Option(names = "--data", paramLabel = "DIR", description = "Where the node keeps everything.")
  @Nullable String data;

  @Option(names = "--client-addr", paramLabel = "H:P", description = "Where applications connect.")
  @Nullable String clientAddr;

  @Option(
      names = {"--admin-addr", "--http-addr"},
      paramLabel = "H:P",
      description = "Where operators connect.")
  @Nullable String adminAddr;

  @Option(
      names = {"--peer-addr", "--raft-addr"},
      paramLabel = "H:P",
      description = "Where other nodes connect.")
  @Nullable String peerAddr;

  @ArgGroup @Nullable Beginning beginning;

  @Option(names = "--role", paramLabel = "ROLE", description = "voter, learner or witness.")
  @Nullable String role;

  @Option(names = "--mode", paramLabel = "MODE", description = "cluster, admin or standalone.")
  @Nullable String mode;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Holds what all members know, and what tokens are made of.")
  @Nullable String secretFile;

  @Option(
      names = "--client-domain",
      paramLabel = "H:P",
      description = "What clients are told to connect to.")
  @Nullable String clientDomain;

  @Option(names = "--zone", paramLabel = "ZONE", description = "A label that readers may prefer.")
  @Nullable String zone;

  @Option(
      names = "--insecure",
      description = "Allow addresses beyond this machine while no user has a password.")
  boolean insecure;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate of the client port and the admin port, in PEM.")
  @Nullable String tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its key, in PEM (PKCS#8).")
  @Nullable String tlsKey;

  @Option(names = "--tls-ca", paramLabel = "FILE", description = "Who vouches for clients, in PEM.")
  @Nullable String tlsCa;

  @Option(
      names = "--tls-client-auth",
      paramLabel = "WHETHER",
      description = "Certificates of clients: none, want or require.")
  @Nullable String tlsClientAuth;

  @Option(
      names = "--stop-at-eof",
      hidden = true,
      description = "Stop when the standard input ends, as it does with the process behind it.")
  boolean stopAtEof;

  /** A node begins a cluster or joins one. */
  static final class Beginning {
    @Option(names = "--bootstrap", description = "Begin a new cluster.")
    boolean bootstrap;

    @Option(
        names = "--join",
        paramLabel = "H:P[,H:P]...",
        description = "Join a cluster by the peer address of any live member.")
    @Nullable String join;
  }

  public ServerCommand() {
    this(config -> new NodeService(new NodeHost(config, node -> {})), StopSignals.ofProcess());
  }

  ServerCommand(Function<NodeConfig, Service> services, StopSignals signals) {
    this.services = services;
    this.signals = signals;
  }

  @Override
  public Integer call() throws InterruptedException {
    LoadedConfig loaded =
        ConfigReader.read(
            new ConfigSources(
                flags(), System.getenv(), config, fallbacks(), Runtime.getRuntime().maxMemory()));
    LogSetup.apply(loaded.config().logging());
    print(loaded.toDisplay());
    NodeConfig node = loaded.config();
    if (stopAtEof) {
      EndOfInput.thenExit(System.in);
    }
    PidFile pidFile = new PidFile(node.node().data().resolve("pid"));
    return new Foreground(node.node().id(), services.apply(node), pidFile, signals).run();
  }

  /** The flags that were given, by the keys that they set. */
  private Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    put(flags, "node.id", nodeId);
    put(flags, "node.data", data);
    put(flags, "node.mode", mode);
    put(flags, "node.role", role);
    put(flags, "node.zone", zone);
    put(flags, "network.client_addr", clientAddr);
    put(flags, "network.admin_addr", adminAddr);
    put(flags, "network.peer_addr", peerAddr);
    put(flags, "network.client_domain", clientDomain);
    put(flags, "network.insecure", insecure ? "true" : null);
    put(flags, "tls.cert", tlsCert);
    put(flags, "tls.key", tlsKey);
    put(flags, "tls.ca", tlsCa);
    put(flags, "tls.client_auth", tlsClientAuth);
    put(flags, "cluster.secret_file", secretFile);
    if (beginning != null) {
      put(flags, "cluster.bootstrap", beginning.bootstrap ? "true" : null);
      put(flags, "cluster.join", beginning.join);
    }
    return flags;
  }

  /**
   * For a node that is started by InfinityStore's flags, so that several of them fit on one machine
   * without more to be said: a directory of its own, and a free port for clients.
   */
  private Map<String, String> fallbacks() {
    boolean published =
        spec != null
            && spec.commandLine().getParseResult().originalArgs().stream()
                .anyMatch(flag -> flag.startsWith("--http-addr") || flag.startsWith("--raft-addr"));
    return published && nodeId != null
        ? Map.of("node.data", "quorate-data-" + nodeId, "network.client_addr", "127.0.0.1:0")
        : Map.of();
  }

  private static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }

  private void print(String text) {
    if (spec != null) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(text);
      out.flush();
    }
  }
}
