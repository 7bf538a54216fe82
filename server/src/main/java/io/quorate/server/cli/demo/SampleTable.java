package io.quorate.server.cli.demo;

import io.trino.tpch.Customer;
import io.trino.tpch.GenerateUtils;
import io.trino.tpch.LineItem;
import io.trino.tpch.Nation;
import io.trino.tpch.Order;
import io.trino.tpch.Part;
import io.trino.tpch.PartSupplier;
import io.trino.tpch.Region;
import io.trino.tpch.Supplier;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.math.BigDecimal;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One of the eight tables of TPC-H: how it is made, and its rows.
 *
 * @param definitions columns and key, as CREATE TABLE wants them
 * @param indexes the columns of each index beside the key
 */
record SampleTable<E extends TpchEntity>(
    TpchTable<E> source,
    List<String> definitions,
    List<SampleIndex> indexes,
    Function<E, List<Object>> values) {

  record SampleIndex(String name, String columns) {}

  /**
   * All tables, in the order they are filled in. REGION comes last and its rows arrive together, so
   * that they tell that all is there.
   */
  static final List<SampleTable<?>> ALL =
      List.of(
          nation(), supplier(), customer(), part(), partSupplier(), orders(), lineItem(), region());

  String name() {
    return source.getTableName();
  }

  List<String> statements() {
    List<String> statements = new ArrayList<>();
    statements.add(
        "CREATE TABLE IF NOT EXISTS " + name() + " (" + String.join(", ", definitions) + ")");
    for (SampleIndex index : indexes) {
      statements.add(
          "CREATE INDEX IF NOT EXISTS %s ON %s (%s)".formatted(index.name, name(), index.columns));
    }
    return statements;
  }

  /** An INSERT of one row with parameters, for the values of {@link #rows}. */
  String insertion() {
    List<String> columns =
        definitions.stream()
            .filter(definition -> !definition.startsWith("PRIMARY KEY"))
            .map(definition -> definition.substring(0, definition.indexOf(' ')))
            .toList();
    return "INSERT INTO %s (%s) VALUES (%s)"
        .formatted(
            name(),
            String.join(", ", columns),
            String.join(", ", Collections.nCopies(columns.size(), "?")));
  }

  /** The rows of a sample of this size, always the same in the same order. */
  Stream<List<Object>> rows(double scale) {
    Iterator<E> rows = source.createGenerator(scale, 1, 1).iterator();
    return Stream.generate(() -> rows)
        .takeWhile(Iterator::hasNext)
        .map(left -> values.apply(left.next()));
  }

  private static SampleTable<Region> region() {
    return new SampleTable<>(
        TpchTable.REGION,
        List.of(
            "r_regionkey BIGINT NOT NULL",
            "r_name VARCHAR(25)",
            "r_comment VARCHAR(152)",
            "PRIMARY KEY (r_regionkey)"),
        List.of(),
        row -> List.of(row.getRegionKey(), row.getName(), row.getComment()));
  }

  private static SampleTable<Nation> nation() {
    return new SampleTable<>(
        TpchTable.NATION,
        List.of(
            "n_nationkey BIGINT NOT NULL",
            "n_name VARCHAR(25)",
            "n_regionkey BIGINT",
            "n_comment VARCHAR(152)",
            "PRIMARY KEY (n_nationkey)"),
        List.of(),
        row -> List.of(row.getNationKey(), row.getName(), row.getRegionKey(), row.getComment()));
  }

  private static SampleTable<Supplier> supplier() {
    return new SampleTable<>(
        TpchTable.SUPPLIER,
        List.of(
            "s_suppkey BIGINT NOT NULL",
            "s_name VARCHAR(25)",
            "s_address VARCHAR(40)",
            "s_nationkey BIGINT",
            "s_phone VARCHAR(15)",
            "s_acctbal DECIMAL(15, 2)",
            "s_comment VARCHAR(101)",
            "PRIMARY KEY (s_suppkey)"),
        List.of(new SampleIndex("idx_s_nation", "s_nationkey")),
        row ->
            List.of(
                row.getSupplierKey(),
                row.getName(),
                row.getAddress(),
                row.getNationKey(),
                row.getPhone(),
                hundredths(row.getAccountBalanceInCents()),
                row.getComment()));
  }

  private static SampleTable<Customer> customer() {
    return new SampleTable<>(
        TpchTable.CUSTOMER,
        List.of(
            "c_custkey BIGINT NOT NULL",
            "c_name VARCHAR(25)",
            "c_address VARCHAR(40)",
            "c_nationkey BIGINT",
            "c_phone VARCHAR(15)",
            "c_acctbal DECIMAL(15, 2)",
            "c_mktsegment VARCHAR(10)",
            "c_comment VARCHAR(117)",
            "PRIMARY KEY (c_custkey)"),
        List.of(new SampleIndex("idx_c_nation", "c_nationkey")),
        row ->
            List.of(
                row.getCustomerKey(),
                row.getName(),
                row.getAddress(),
                row.getNationKey(),
                row.getPhone(),
                hundredths(row.getAccountBalanceInCents()),
                row.getMarketSegment(),
                row.getComment()));
  }

  private static SampleTable<Part> part() {
    return new SampleTable<>(
        TpchTable.PART,
        List.of(
            "p_partkey BIGINT NOT NULL",
            "p_name VARCHAR(55)",
            "p_mfgr VARCHAR(25)",
            "p_brand VARCHAR(10)",
            "p_type VARCHAR(25)",
            "p_size INTEGER",
            "p_container VARCHAR(10)",
            "p_retailprice DECIMAL(15, 2)",
            "p_comment VARCHAR(23)",
            "PRIMARY KEY (p_partkey)"),
        List.of(),
        row ->
            List.of(
                row.getPartKey(),
                row.getName(),
                row.getManufacturer(),
                row.getBrand(),
                row.getType(),
                row.getSize(),
                row.getContainer(),
                hundredths(row.getRetailPriceInCents()),
                row.getComment()));
  }

  private static SampleTable<PartSupplier> partSupplier() {
    return new SampleTable<>(
        TpchTable.PART_SUPPLIER,
        List.of(
            "ps_partkey BIGINT NOT NULL",
            "ps_suppkey BIGINT NOT NULL",
            "ps_availqty INTEGER",
            "ps_supplycost DECIMAL(15, 2)",
            "ps_comment VARCHAR(199)",
            "PRIMARY KEY (ps_partkey, ps_suppkey)"),
        List.of(new SampleIndex("idx_ps_supp", "ps_suppkey")),
        row ->
            List.of(
                row.getPartKey(),
                row.getSupplierKey(),
                row.getAvailableQuantity(),
                hundredths(row.getSupplyCostInCents()),
                row.getComment()));
  }

  private static SampleTable<Order> orders() {
    return new SampleTable<>(
        TpchTable.ORDERS,
        List.of(
            "o_orderkey BIGINT NOT NULL",
            "o_custkey BIGINT",
            "o_orderstatus VARCHAR(1)",
            "o_totalprice DECIMAL(15, 2)",
            "o_orderdate DATE",
            "o_orderpriority VARCHAR(15)",
            "o_clerk VARCHAR(15)",
            "o_shippriority INTEGER",
            "o_comment VARCHAR(79)",
            "PRIMARY KEY (o_orderkey)"),
        List.of(new SampleIndex("idx_o_cust", "o_custkey")),
        row ->
            List.of(
                row.getOrderKey(),
                row.getCustomerKey(),
                String.valueOf(row.getOrderStatus()),
                hundredths(row.getTotalPriceInCents()),
                date(row.getOrderDate()),
                row.getOrderPriority(),
                row.getClerk(),
                row.getShipPriority(),
                row.getComment()));
  }

  private static SampleTable<LineItem> lineItem() {
    return new SampleTable<>(
        TpchTable.LINE_ITEM,
        List.of(
            "l_orderkey BIGINT NOT NULL",
            "l_partkey BIGINT",
            "l_suppkey BIGINT",
            "l_linenumber INTEGER NOT NULL",
            "l_quantity DECIMAL(15, 2)",
            "l_extendedprice DECIMAL(15, 2)",
            "l_discount DECIMAL(15, 2)",
            "l_tax DECIMAL(15, 2)",
            "l_returnflag VARCHAR(1)",
            "l_linestatus VARCHAR(1)",
            "l_shipdate DATE",
            "l_commitdate DATE",
            "l_receiptdate DATE",
            "l_shipinstruct VARCHAR(25)",
            "l_shipmode VARCHAR(10)",
            "l_comment VARCHAR(44)",
            "PRIMARY KEY (l_orderkey, l_linenumber)"),
        List.of(new SampleIndex("idx_l_part", "l_partkey, l_suppkey")),
        SampleTable::lineItemValues);
  }

  private static List<Object> lineItemValues(LineItem row) {
    return List.of(
        row.getOrderKey(),
        row.getPartKey(),
        row.getSupplierKey(),
        row.getLineNumber(),
        BigDecimal.valueOf(row.getQuantity()),
        hundredths(row.getExtendedPriceInCents()),
        hundredths(row.getDiscountPercent()),
        hundredths(row.getTaxPercent()),
        row.getReturnFlag(),
        row.getStatus(),
        date(row.getShipDate()),
        date(row.getCommitDate()),
        date(row.getReceiptDate()),
        row.getShipInstructions(),
        row.getShipMode(),
        row.getComment());
  }

  private static BigDecimal hundredths(long amount) {
    return BigDecimal.valueOf(amount, 2);
  }

  /** The generator counts days in its own way and writes them as ISO dates. */
  private static Date date(int day) {
    return Date.valueOf(LocalDate.parse(GenerateUtils.formatDate(day)));
  }
}
