package io.quorate.server.cli;

import io.quorate.server.config.ConfigException;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.config.Quantity;
import io.quorate.server.security.ClusterSecret;
import io.quorate.server.security.RootTokens;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quorate token}: what makes an administrator of whoever sends it, for a time. */
@Command(
    name = "token",
    description = {
      "Prints a token that stands for an administrator until its time is over, on the admin port of"
          + " every node that has the same secret and speaks TLS:",
      "  curl --cacert ca.pem -H \"Authorization: Bearer $$(quorate token --secret-file F)\" ..."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
public final class TokenCommand implements Callable<Integer> {
  private static final String VARIABLE = "QUORATE_CLUSTER_SECRET_FILE";

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "The secret of the cluster (default: the variable " + VARIABLE + ").")
  @Nullable Path secretFile;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration of a node, which names the file of the secret.")
  @Nullable Path config;

  @Option(
      names = "--lifetime",
      paramLabel = "TIME",
      defaultValue = "15m",
      description = "How long it is good for, 7 days at most (default: ${DEFAULT-VALUE}).")
  String lifetime = "";

  @Override
  public Integer call() {
    Duration lasting = lasting();
    RootTokens tokens = new RootTokens(ClusterSecret.read(requireFile()));
    String token = tokens.issue(lasting, InstantSource.system().instant(), new SecureRandom());
    if (spec != null) {
      spec.commandLine().getOut().println(token);
      spec.commandLine().getOut().flush();
    }
    return ExitCode.OK;
  }

  private Duration lasting() {
    Duration lasting;
    try {
      lasting = Quantity.parseDuration(lifetime);
    } catch (ConfigException e) {
      throw new ConfigException("--lifetime is " + e.getMessage() + ", not " + lifetime, e);
    }
    ConfigException.require(
        lasting.toSeconds() >= 1 && lasting.compareTo(RootTokens.LIFETIME_MAX) <= 0,
        "--lifetime is 1s to 168h, not %s",
        lifetime);
    return lasting;
  }

  private Path requireFile() {
    Path named = secretFile;
    if (named == null && config != null) {
      named = configured(config);
    } else if (named == null) {
      String variable = System.getenv().getOrDefault(VARIABLE, "");
      named = variable.isBlank() ? null : Path.of(variable.strip());
    }
    if (named == null) {
      throw new ConfigException(
          "no secret is named: --secret-file FILE, or --config FILE with cluster.secret_file");
    }
    return named;
  }

  /** What else the command line of a node may say does not matter here. */
  private static @Nullable Path configured(Path file) {
    Map<String, String> flags = Map.of("node.id", "token", "network.insecure", "true");
    return ConfigReader.read(
            new ConfigSources(flags, System.getenv(), file, Runtime.getRuntime().maxMemory()))
        .config()
        .cluster()
        .secretFile();
  }
}
