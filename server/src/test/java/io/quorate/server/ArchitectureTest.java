package io.quorate.server;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.quorate.driver.ErrorCode;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Holds the code to the rooms and arrows of {@code docs/ARCHITECTURE.md}. */
@AnalyzeClasses(
    packages = "io.quorate",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WithoutJavacc.class})
final class ArchitectureTest {
  private static final String SERVER = "io.quorate.server";
  private static final String CLI = "io.quorate.server.cli..";
  private static final String CONFIG = "io.quorate.server.config..";
  private static final String CLUSTER = "io.quorate.server.cluster..";
  private static final String STORE = "io.quorate.server.store..";
  private static final String ADMIN = "io.quorate.server.admin..";
  private static final String SECURITY = "io.quorate.server.security..";
  private static final String SESSION = "io.quorate.server.session..";
  private static final String REST = "io.quorate.server.rest..";
  private static final String TLS = "io.quorate.server.tls..";
  private static final String FRONTEND = "io.quorate.server.frontend..";

  // Modules

  @ArchTest static final ArchRule the_driver_is_a_leaf = room("io.quorate.driver..").seesOnly();

  @ArchTest
  static final ArchRule the_calcite_adapter_is_a_leaf = room("io.quorate.sql..").seesOnly();

  /** The errors that a client can meet stand with the driver's public face, above its rooms. */
  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices()
          .matching("io.quorate.(**)")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(
              resideInAPackage("io.quorate.driver.."),
              equivalentTo(ErrorCode.class).or(equivalentTo(ErrorCode.RetryAdvice.class)));

  // Arrows between rooms

  @ArchTest
  static final ArchRule the_catalog_sees_the_ports_of_the_store =
      room("io.quorate.sql.catalog..").seesOnly("io.quorate.sql.lang..", "io.quorate.sql.store..");

  @ArchTest
  static final ArchRule the_parser_sees_types_and_no_rows =
      room("io.quorate.sql.parse..").seesOnly("io.quorate.sql.lang..", "io.quorate.sql.catalog..");

  @ArchTest
  static final ArchRule lang_sees_no_room =
      serverRoom("lang").seesOnly("io.quorate.driver..", "io.quorate.sql.lang..");

  @ArchTest static final ArchRule config_sees_no_room = serverRoom("config").seesOnlyLeaves();

  @ArchTest static final ArchRule store_sees_no_room = serverRoom("store").seesOnlyLeaves();

  @ArchTest static final ArchRule cluster_sees_no_room = serverRoom("cluster").seesOnlyLeaves();

  @ArchTest
  static final ArchRule replica_sees_cluster_and_store =
      serverRoom("replica").seesOnlyLeaves(CLUSTER, STORE);

  @ArchTest
  static final ArchRule tx_sees_the_replica_and_what_is_below =
      serverRoom("tx").seesOnlyLeaves(CLUSTER, STORE, "io.quorate.server.replica..");

  @ArchTest
  static final ArchRule dispatch_sees_the_replica_and_what_is_below =
      serverRoom("dispatch").seesOnlyLeaves(CLUSTER, STORE, "io.quorate.server.replica..");

  @ArchTest
  static final ArchRule session_sees_transactions_and_dispatch =
      serverRoom("session")
          .seesOnlyLeaves(
              CLUSTER,
              STORE,
              "io.quorate.server.replica..",
              "io.quorate.server.tx..",
              "io.quorate.server.dispatch..");

  @ArchTest
  static final ArchRule frontend_sees_sessions =
      serverRoom("frontend").seesOnlyLeaves(SESSION, SECURITY, TLS, REST);

  @ArchTest
  static final ArchRule rest_sees_sessions_and_the_entrance =
      serverRoom("rest").seesOnlyLeaves(SESSION, SECURITY);

  @ArchTest
  static final ArchRule rest_is_seen_by_the_ports_and_the_node_only =
      noClasses()
          .that()
          .resideOutsideOfPackages(SERVER, FRONTEND, ADMIN, REST)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(REST);

  @ArchTest static final ArchRule tls_sees_no_room = serverRoom("tls").seesOnlyLeaves();

  @ArchTest static final ArchRule security_sees_no_room = serverRoom("security").seesOnlyLeaves();

  @ArchTest
  static final ArchRule the_frontend_is_seen_by_the_node_only =
      noClasses()
          .that()
          .resideOutsideOfPackages(SERVER, FRONTEND)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(FRONTEND);

  @ArchTest
  static final ArchRule admin_is_seen_from_the_doors_only =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.quorate.server.lang..",
              CONFIG,
              CLUSTER,
              STORE,
              "io.quorate.server.replica..",
              "io.quorate.server.backup..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ADMIN);

  @ArchTest
  static final ArchRule nothing_sees_the_command_line =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CLI);

  @ArchTest
  static final ArchRule the_node_is_seen_by_who_starts_it_only =
      noClasses()
          .that()
          .resideOutsideOfPackages(SERVER, CLI, "io.quorate.server.embedded..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(SERVER);

  // One door a library

  @ArchTest static final ArchRule jraft = library("com.alipay.sofa..").entersBy(CLUSTER);
  @ArchTest static final ArchRule jgroups = library("org.jgroups..").entersBy(CLUSTER);
  @ArchTest static final ArchRule h2 = library("org.h2..").entersBy(STORE);
  @ArchTest static final ArchRule picocli = library("picocli..").entersBy(CLI);

  @ArchTest static final ArchRule netty = library("io.netty..").entersBy(FRONTEND);

  /** Calcite is made of Avatica's types, so the adapter has them too; its wire is ours alone. */
  @ArchTest
  static final ArchRule avatica =
      noClasses()
          .that()
          .resideInAPackage(SERVER + "..")
          .and()
          .resideOutsideOfPackage("io.quorate.server.frontend.avatica..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.calcite.avatica..");

  @ArchTest
  static final ArchRule sqlline = library("sqlline..").entersBy("io.quorate.server.cli.shell..");

  @ArchTest
  static final ArchRule jline = library("org.jline..").entersBy("io.quorate.server.cli.shell..");

  @ArchTest
  static final ArchRule tpch = library("io.trino..").entersBy("io.quorate.server.cli.demo..");

  @ArchTest static final ArchRule micrometer = library("io.micrometer..").entersBy(ADMIN);

  @ArchTest static final ArchRule prometheus = library("io.prometheus..").entersBy(ADMIN);

  @ArchTest
  static final ArchRule jackson =
      library("com.fasterxml.jackson..").entersBy(CONFIG, ADMIN, REST, CLI);

  // Habits

  @ArchTest
  static final ArchRule time_chance_and_environment_are_injected =
      noClasses()
          .that()
          .resideOutsideOfPackages(SERVER, CLI, CONFIG)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class, String.class)
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class)
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(Random.class);

  /** JRaft reads the monotonic clock itself, so the room around it may; a driver is no node. */
  @ArchTest
  static final ArchRule the_monotonic_clock_is_injected =
      noClasses()
          .that()
          .resideOutsideOfPackages(SERVER, CLI, CONFIG, CLUSTER, "io.quorate.driver..")
          .should()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule sql_exceptions_are_made_by_the_driver =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.quorate.driver..")
          .should()
          .callConstructorWhere(target(owner(assignableTo(SQLException.class))));

  @ArchTest
  static final ArchRule names_say_what_a_class_is =
      noClasses().should().haveNameMatching(".*(Impl|Util|Utils|Helper|Manager)");

  /** JavaCC's classes have habits of their own. */
  static final class WithoutJavacc implements ImportOption {
    private static final Pattern GENERATED =
        Pattern.compile(
            ".*/sql/parse/(QuorateParser|ParseException|SimpleCharStream|Token)[^/]*[.]class");

    @Override
    public boolean includes(Location location) {
      return !location.matches(GENERATED);
    }
  }

  private static Room room(String pattern) {
    return new Room(pattern);
  }

  private static Room serverRoom(String name) {
    return new Room(SERVER + "." + name + "..");
  }

  private static Library library(String pattern) {
    return new Library(pattern);
  }

  private record Room(String pattern) {
    /** The room depends, within Quorate, on itself and the given packages. */
    ArchRule seesOnly(String... others) {
      String[] seen = Stream.concat(Stream.of(pattern), Stream.of(others)).toArray(String[]::new);
      return classes()
          .that()
          .resideInAPackage(pattern)
          .should()
          .onlyDependOnClassesThat(
              resideOutsideOfPackage("io.quorate..").or(resideInAnyPackage(seen)));
    }

    /** As {@link #seesOnly}, and on the packages that see nothing themselves. */
    ArchRule seesOnlyLeaves(String... others) {
      Stream<String> leaves =
          Stream.of(
              "io.quorate.driver..",
              "io.quorate.sql..",
              "io.quorate.server.lang..",
              "io.quorate.server.config..",
              "io.quorate.server.format..");
      return seesOnly(Stream.concat(leaves, Stream.of(others)).toArray(String[]::new));
    }
  }

  private record Library(String pattern) {
    /** The library is known in the given packages and nowhere else. */
    ArchRule entersBy(String... doors) {
      return noClasses()
          .that()
          .resideOutsideOfPackages(doors)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(pattern);
    }
  }
}
