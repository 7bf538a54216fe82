package io.quorate.sql.plan;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Random tables with random rows, all of them twice: in the schema PUBLIC with keys, indexes and,
 * in every other database, statistics; in the schema PLAIN with none of these.
 */
final class RandomTables {
  static final String PLAIN = "PLAIN";

  private static final int TABLES = 3;
  private static final int COLUMNS_MAX = 6;
  private static final int ROWS_MAX = 24;
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  /** Types with few values, so that many are equal, and the odd ones among them. */
  enum Kind {
    SMALLINT("SMALLINT", (short) -2, (short) 0, (short) 1, (short) 3),
    INTEGER("INTEGER", -3, -1, 0, 1, 2, 3, 7),
    BIGINT("BIGINT", -1L, 0L, 1L, 2L, 3L, 9007199254740993L, 9007199254740992L),
    DECIMAL("DECIMAL(6, 2)", decimals("-1.50", "0.00", "1.00", "1.05", "2.25", "3.00")),
    DOUBLE("DOUBLE", -1.5, 0.0, 1.0, 1.5, 3.0),
    VARCHAR("VARCHAR(8)", "", "a", "a ", "ab", "A", "b", "a%", "_b", "é", "\uFFFD", "\uD83D\uDE00"),
    CHAR("CHAR(3)", "", "a", "ab", "abc", "b"),
    VARBINARY("VARBINARY(3)", new byte[0], new byte[] {0}, new byte[] {0, 1}, new byte[] {-1}),
    DATE("DATE", dates("1969-12-31", "1970-01-01", "2024-02-29", "2024-03-01")),
    TIME("TIME(3)", LocalTime.MIDNIGHT, LocalTime.of(1, 2, 3, 4_000_000), LocalTime.of(23, 59)),
    TIMESTAMP(
        "TIMESTAMP(3)",
        times("1969-12-31T23:59:59.999", "1970-01-01T00:00", "2024-02-29T12:00:00.001")),
    BOOLEAN("BOOLEAN", true, false),
    UUID(
        "UUID",
        new UUID(0, 0),
        new UUID(0, -1),
        new UUID(1, 0),
        new UUID(-1, 0),
        new UUID(Long.MIN_VALUE, 1));

    private final String sql;

    /** Nobody writes into those that are arrays. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Object> values;

    Kind(String sql, Object... values) {
      this.sql = sql;
      this.values = List.of(values);
    }

    private static Object[] decimals(String... values) {
      return Arrays.stream(values).map(BigDecimal::new).toArray();
    }

    private static Object[] dates(String... values) {
      return Arrays.stream(values).map(LocalDate::parse).toArray();
    }

    private static Object[] times(String... values) {
      return Arrays.stream(values).map(LocalDateTime::parse).toArray();
    }

    String sql() {
      return sql;
    }

    Object value(SplittableRandom random) {
      return values.get(random.nextInt(values.size()));
    }

    boolean isExact() {
      return compareTo(DECIMAL) <= 0;
    }

    boolean isNumber() {
      return compareTo(DOUBLE) <= 0;
    }

    boolean isText() {
      return this == VARCHAR || this == CHAR;
    }

    /** Whether values of both may be compared. */
    boolean isLike(Kind other) {
      return this == other || (isNumber() && other.isNumber()) || (isText() && other.isText());
    }

    /** The value as SQL has it. */
    String literal(Object value) {
      return switch (this) {
        case SMALLINT, INTEGER, BIGINT, DECIMAL, BOOLEAN -> value.toString();
        case DOUBLE -> value + "E0";
        case VARCHAR, CHAR -> "'" + value + "'";
        case VARBINARY -> "X'" + HexFormat.of().formatHex((byte[]) value) + "'";
        case DATE -> "DATE '" + value + "'";
        case TIME -> "TIME '" + ((LocalTime) value).format(DateTimeFormatter.ISO_LOCAL_TIME) + "'";
        case TIMESTAMP -> "TIMESTAMP '" + ((LocalDateTime) value).format(MILLIS) + "'";
        case UUID -> "CAST('" + value + "' AS UUID)";
      };
    }
  }

  record Column(String name, Kind kind, boolean nullable) {}

  /** A table; the first column is its ID. */
  record Table(String name, List<Column> columns) {
    List<Column> nullable() {
      return columns.stream().filter(Column::nullable).toList();
    }
  }

  private final SplittableRandom random;
  private final TestDatabase database;
  private final List<Table> tables = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();

  RandomTables(SplittableRandom random, TestDatabase database) {
    this.random = random;
    this.database = database;
    execute("CREATE SCHEMA " + PLAIN);
    for (int i = 0; i < TABLES; i++) {
      tables.add(create("T" + i));
    }
    if (random.nextBoolean()) {
      execute("ANALYZE");
    }
  }

  private void execute(String sql) {
    statements.add(sql);
    database.execute(sql);
  }

  List<Table> tables() {
    return tables;
  }

  /** What made them, but for their rows. */
  String described() {
    return String.join(";\n", statements);
  }

  private Table create(String name) {
    List<Column> columns = new ArrayList<>(List.of(new Column("ID", Kind.INTEGER, false)));
    Kind[] kinds = Kind.values();
    int count = 2 + random.nextInt(COLUMNS_MAX - 1);
    for (int i = 1; i <= count; i++) {
      // Whole numbers in each, so that tables can be joined.
      Kind kind = i == 1 ? Kind.INTEGER : kinds[random.nextInt(kinds.length)];
      columns.add(new Column("C" + i, kind, random.nextInt(5) != 0));
    }
    Table table = new Table(name, columns);
    execute("CREATE TABLE " + PLAIN + "." + name + " (" + defined(columns, "") + ")");
    String known = defined(columns, " NOT NULL");
    execute("CREATE TABLE " + name + " (" + known + primaryKey(table) + ")");
    boolean early = random.nextBoolean();
    if (early) {
      createIndexes(table);
    }
    fill(table);
    if (!early) {
      createIndexes(table);
    }
    return table;
  }

  private static String defined(List<Column> columns, String notNull) {
    return columns.stream()
        .map(c -> c.name() + " " + c.kind().sql() + (c.nullable() ? "" : notNull))
        .collect(Collectors.joining(", "));
  }

  private String primaryKey(Table table) {
    List<Column> able = table.columns().stream().filter(column -> !column.nullable()).toList();
    Column first = able.get(random.nextInt(able.size()));
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> ", PRIMARY KEY (ID)";
      default ->
          first.name().equals("ID")
              ? ", PRIMARY KEY (ID)"
              : ", PRIMARY KEY (" + first.name() + ", ID)";
    };
  }

  private void createIndexes(Table table) {
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      List<Column> columns = new ArrayList<>(table.columns());
      Collections.shuffle(columns, new java.util.Random(random.nextLong()));
      List<Column> picked = columns.subList(0, 1 + random.nextInt(Math.min(3, columns.size())));
      boolean unique = picked.stream().anyMatch(column -> column.name().equals("ID"));
      execute(
          (unique && random.nextBoolean() ? "CREATE UNIQUE INDEX I_" : "CREATE INDEX I_")
              + table.name()
              + i
              + " ON "
              + table.name()
              + picked.stream()
                  .map(column -> column.name() + (random.nextInt(3) == 0 ? " DESC" : ""))
                  .collect(Collectors.joining(", ", " (", ")")));
    }
  }

  private void fill(Table table) {
    int count = random.nextInt(8) == 0 ? 0 : random.nextInt(ROWS_MAX);
    String marks = String.join(", ", Collections.nCopies(table.columns().size(), "?"));
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(i);
    }
    Collections.shuffle(ids, new java.util.Random(random.nextLong()));
    for (int id : ids) {
      @Nullable Object[] row = new @Nullable Object[table.columns().size()];
      row[0] = id;
      for (int i = 1; i < row.length; i++) {
        Column column = table.columns().get(i);
        row[i] = column.nullable() && random.nextInt(4) == 0 ? null : column.kind().value(random);
      }
      database.execute(
          "INSERT INTO " + PLAIN + "." + table.name() + " VALUES (" + marks + ")", row);
      database.execute("INSERT INTO " + table.name() + " VALUES (" + marks + ")", row);
      statements.add("-- " + table.name() + " " + shown(row));
    }
  }

  /** Values to be compared: bytes as text, for arrays have no equality. */
  static List<@Nullable Object> shown(@Nullable Object[] row) {
    List<@Nullable Object> shown = new ArrayList<>();
    for (Object value : row) {
      shown.add(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
    }
    return shown;
  }
}
