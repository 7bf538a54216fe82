package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.NewIndex;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.parse.StatementNode;
import io.quorate.sql.parse.StatementParser;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.rel.RelNode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it takes to have the plan of a statement: one that is remembered, short ones that are not,
 * whose texts differ each time, and the joins of TPC-H, made anew each time. There are no rows; the
 * planner is told of those of scale 0.1. Beside the planner's package, for its steps one by one.
 * Medians, which bear others at work on the machine.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 6)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = "-Xmx1g")
public class PlanningBenchmark {
  private static final String SCHEMA = Catalog.DEFAULT_SCHEMA;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE items (id BIGINT PRIMARY KEY, customer INTEGER, quantity INTEGER,"
              + " price DECIMAL(12,2), state VARCHAR(20), note VARCHAR(100))",
          "CREATE TABLE region (r_regionkey BIGINT PRIMARY KEY, r_name VARCHAR(25),"
              + " r_comment VARCHAR(152))",
          "CREATE TABLE nation (n_nationkey BIGINT PRIMARY KEY, n_name VARCHAR(25),"
              + " n_regionkey BIGINT, n_comment VARCHAR(152))",
          "CREATE TABLE supplier (s_suppkey BIGINT PRIMARY KEY, s_name VARCHAR(25),"
              + " s_address VARCHAR(40), s_nationkey BIGINT, s_phone VARCHAR(15),"
              + " s_acctbal DECIMAL(15,2), s_comment VARCHAR(101))",
          "CREATE TABLE customer (c_custkey BIGINT PRIMARY KEY, c_name VARCHAR(25),"
              + " c_address VARCHAR(40), c_nationkey BIGINT, c_phone VARCHAR(15),"
              + " c_acctbal DECIMAL(15,2), c_mktsegment VARCHAR(10), c_comment VARCHAR(117))",
          "CREATE TABLE part (p_partkey BIGINT PRIMARY KEY, p_name VARCHAR(55),"
              + " p_mfgr VARCHAR(25), p_brand VARCHAR(10), p_type VARCHAR(25), p_size INTEGER,"
              + " p_container VARCHAR(10), p_retailprice DECIMAL(15,2), p_comment VARCHAR(23))",
          "CREATE TABLE orders (o_orderkey BIGINT PRIMARY KEY, o_custkey BIGINT,"
              + " o_orderstatus VARCHAR(1), o_totalprice DECIMAL(15,2), o_orderdate DATE,"
              + " o_orderpriority VARCHAR(15), o_clerk VARCHAR(15), o_shippriority INTEGER,"
              + " o_comment VARCHAR(79))",
          "CREATE TABLE lineitem (l_orderkey BIGINT NOT NULL, l_partkey BIGINT, l_suppkey BIGINT,"
              + " l_linenumber INTEGER NOT NULL, l_quantity DECIMAL(15,2),"
              + " l_extendedprice DECIMAL(15,2), l_discount DECIMAL(15,2), l_tax DECIMAL(15,2),"
              + " l_returnflag VARCHAR(1), l_linestatus VARCHAR(1), l_shipdate DATE,"
              + " l_commitdate DATE, l_receiptdate DATE, l_shipinstruct VARCHAR(25),"
              + " l_shipmode VARCHAR(10), l_comment VARCHAR(44),"
              + " PRIMARY KEY (l_orderkey, l_linenumber))");

  private static final List<NewIndex> INDEXES =
      List.of(
          index("ITEMS", "CUSTOMER"),
          index("SUPPLIER", "S_NATIONKEY"),
          index("CUSTOMER", "C_NATIONKEY"),
          index("ORDERS", "O_CUSTKEY"),
          index("LINEITEM", "L_PARTKEY", "L_SUPPKEY"));

  private static final Map<String, Integer> ROWS =
      Map.of(
          "ITEMS", 1_000_000,
          "REGION", 5,
          "NATION", 25,
          "SUPPLIER", 1_000,
          "CUSTOMER", 15_000,
          "PART", 20_000,
          "ORDERS", 150_000,
          "LINEITEM", 600_572);

  private static final String TPCH_5 =
      "select n_name, sum(l_extendedprice * (1 - l_discount)) as revenue"
          + " from customer, orders, lineitem, supplier, nation, region"
          + " where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey"
          + " and c_nationkey = s_nationkey and s_nationkey = n_nationkey"
          + " and n_regionkey = r_regionkey and r_name = 'ASIA'"
          + " and o_orderdate >= date '1994-01-01' and o_orderdate < date '1995-01-01'"
          + " group by n_name order by revenue desc";

  private static final String TPCH_8 =
      "select o_year, sum(case when nat = 'BRAZIL' then volume else 0 end) / sum(volume)"
          + " as mkt_share from (select extract(year from o_orderdate) as o_year,"
          + " l_extendedprice * (1 - l_discount) as volume, n2.n_name as nat"
          + " from part, supplier, lineitem, orders, customer, nation n1, nation n2, region"
          + " where p_partkey = l_partkey and s_suppkey = l_suppkey and l_orderkey = o_orderkey"
          + " and o_custkey = c_custkey and c_nationkey = n1.n_nationkey"
          + " and n1.n_regionkey = r_regionkey and r_name = 'AMERICA'"
          + " and s_nationkey = n2.n_nationkey"
          + " and o_orderdate between date '1995-01-01' and date '1996-12-31'"
          + " and p_type = 'ECONOMY ANODIZED STEEL') as all_nations"
          + " group by o_year order by o_year";

  private final Catalog catalog = catalog();
  private final TableStatistics statistics = table -> ROWS.getOrDefault(table.name(), 1_000);
  private final CalcitePlanner planner = new CalcitePlanner(statistics, SystemTables.NONE);

  /** Without a memory of plans. */
  private final Schemas schemas = new Schemas(catalog, statistics, List.of());

  private int known = 1;
  private int drawn;

  private static NewIndex index(String table, String... columns) {
    return new NewIndex("I_" + columns[0], SCHEMA, table, List.of(columns), false);
  }

  private static Catalog catalog() {
    Catalog made = Catalog.empty();
    for (String table : TABLES) {
      Statement statement = ((StatementNode) StatementParser.parse(table)).statement();
      made =
          Definitions.createTable(
                  made, StatementCompiler.newTable((Statement.CreateTable) statement, SCHEMA))
              .after();
    }
    for (NewIndex index : INDEXES) {
      made = Definitions.createIndex(made, index).after();
    }
    return made;
  }

  /** Always the same text, but another object, as it comes from a client. */
  @Benchmark
  public Plan remembered() {
    return plan("SELECT quantity, price FROM items WHERE id = " + known);
  }

  /** Which share a plan, but for the first. */
  @Benchmark
  public Plan keyOfOtherLiteral() {
    return plan("SELECT quantity, price FROM items WHERE id = " + drawn++);
  }

  @Benchmark
  public Plan insertOfOtherLiterals() {
    return plan(
        "INSERT INTO items (id, customer, quantity, price, state, note) VALUES ("
            + drawn++
            + ", 17, 3, 12.50, 'OPEN', 'a note')");
  }

  /** The column is named anew each time, so that there is no plan to share. */
  @Benchmark
  public Plan selectByKey() {
    int number = drawn++;
    return plan("SELECT quantity, price AS p" + number + " FROM items WHERE id = " + number);
  }

  @Benchmark
  public Plan selectByIndexRange() {
    int number = drawn++;
    return plan(
        "SELECT id, quantity AS q"
            + number
            + " FROM items WHERE customer >= "
            + number
            + " AND customer < "
            + (number + 100)
            + " ORDER BY customer");
  }

  /** With a comment, which is part of the text. */
  @Benchmark
  public Plan insertOne() {
    int number = drawn++;
    return plan(
        "INSERT /* "
            + number
            + " */ INTO items (id, customer, quantity, price, state, note) VALUES ("
            + number
            + ", 17, 3, 12.50, 'OPEN', 'a note')");
  }

  @Benchmark
  public Plan updateByKey() {
    int number = drawn++;
    return plan(
        "UPDATE /* "
            + number
            + " */ items SET quantity = quantity + 1, state = 'SHIPPED' WHERE id = "
            + number);
  }

  /** As a session asks: of the planner that remembers. */
  private Plan plan(String sql) {
    return planner.plan(catalog, SCHEMA, sql);
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public Plan tpch5() {
    return whole(TPCH_5);
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public Plan tpch8() {
    return whole(TPCH_8);
  }

  private Plan whole(String sql) {
    return CalcitePlanner.make(schemas.until(CancelFlag.NEVER), SCHEMA, StatementParser.parse(sql));
  }

  /** Without the generation and compilation of code. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public EnumerableRel tpch5Operators() {
    return operators(TPCH_5);
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public EnumerableRel tpch8Operators() {
    return operators(TPCH_8);
  }

  private EnumerableRel operators(String sql) {
    return Optimizer.optimize(algebra(sql));
  }

  /** Text, syntax tree and algebra alone. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public RelNode tpch8Algebra() {
    return algebra(TPCH_8);
  }

  private RelNode algebra(String sql) {
    return Conversions.of(
            StatementParser.parse(sql), schemas.until(CancelFlag.NEVER).reader(SCHEMA))
        .root()
        .project();
  }
}
