package io.quorate.sql.plan;

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
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The eight tables of TPC-H. */
public final class TpchData {
  /** CREATE TABLE by name of table, what is referred to before what refers. */
  public static final Map<String, String> TABLES = new LinkedHashMap<>();

  static {
    TABLES.put(
        "region", "r_regionkey BIGINT PRIMARY KEY, r_name VARCHAR(25), r_comment VARCHAR(152)");
    TABLES.put(
        "nation",
        "n_nationkey BIGINT PRIMARY KEY, n_name VARCHAR(25), n_regionkey BIGINT,"
            + " n_comment VARCHAR(152)");
    TABLES.put(
        "supplier",
        "s_suppkey BIGINT PRIMARY KEY, s_name VARCHAR(25), s_address VARCHAR(40),"
            + " s_nationkey BIGINT, s_phone VARCHAR(15), s_acctbal DECIMAL(15,2),"
            + " s_comment VARCHAR(101)");
    TABLES.put(
        "customer",
        "c_custkey BIGINT PRIMARY KEY, c_name VARCHAR(25), c_address VARCHAR(40),"
            + " c_nationkey BIGINT, c_phone VARCHAR(15), c_acctbal DECIMAL(15,2),"
            + " c_mktsegment VARCHAR(10), c_comment VARCHAR(117)");
    TABLES.put(
        "part",
        "p_partkey BIGINT PRIMARY KEY, p_name VARCHAR(55), p_mfgr VARCHAR(25),"
            + " p_brand VARCHAR(10), p_type VARCHAR(25), p_size INTEGER, p_container VARCHAR(10),"
            + " p_retailprice DECIMAL(15,2), p_comment VARCHAR(23)");
    TABLES.put(
        "partsupp",
        "ps_partkey BIGINT NOT NULL, ps_suppkey BIGINT NOT NULL, ps_availqty INTEGER,"
            + " ps_supplycost DECIMAL(15,2), ps_comment VARCHAR(199),"
            + " PRIMARY KEY (ps_partkey, ps_suppkey)");
    TABLES.put(
        "orders",
        "o_orderkey BIGINT PRIMARY KEY, o_custkey BIGINT, o_orderstatus VARCHAR(1),"
            + " o_totalprice DECIMAL(15,2), o_orderdate DATE, o_orderpriority VARCHAR(15),"
            + " o_clerk VARCHAR(15), o_shippriority INTEGER, o_comment VARCHAR(79)");
    TABLES.put(
        "lineitem",
        "l_orderkey BIGINT NOT NULL, l_partkey BIGINT, l_suppkey BIGINT,"
            + " l_linenumber INTEGER NOT NULL, l_quantity DECIMAL(15,2),"
            + " l_extendedprice DECIMAL(15,2), l_discount DECIMAL(15,2), l_tax DECIMAL(15,2),"
            + " l_returnflag VARCHAR(1), l_linestatus VARCHAR(1), l_shipdate DATE,"
            + " l_commitdate DATE, l_receiptdate DATE, l_shipinstruct VARCHAR(25),"
            + " l_shipmode VARCHAR(10), l_comment VARCHAR(44),"
            + " PRIMARY KEY (l_orderkey, l_linenumber)");
  }

  /** Indexes beyond the primary keys. */
  public static final List<String> INDEXES =
      List.of(
          "CREATE INDEX i_s_nation ON supplier (s_nationkey)",
          "CREATE INDEX i_c_nation ON customer (c_nationkey)",
          "CREATE INDEX i_ps_supp ON partsupp (ps_suppkey)",
          "CREATE INDEX i_o_cust ON orders (o_custkey)",
          "CREATE INDEX i_l_part ON lineitem (l_partkey, l_suppkey)");

  private TpchData() {}

  public static List<Object[]> rows(String table, double scale) {
    List<Object[]> rows = new ArrayList<>();
    for (TpchEntity entity : TpchTable.getTable(table).createGenerator(scale, 1, 1)) {
      rows.add(row(entity));
    }
    return rows;
  }

  private static Object[] row(TpchEntity entity) {
    if (entity instanceof Region r) {
      return array(r.getRegionKey(), r.getName(), r.getComment());
    }
    if (entity instanceof Nation n) {
      return array(n.getNationKey(), n.getName(), n.getRegionKey(), n.getComment());
    }
    if (entity instanceof Supplier s) {
      return array(
          s.getSupplierKey(),
          s.getName(),
          s.getAddress(),
          s.getNationKey(),
          s.getPhone(),
          cents(s.getAccountBalanceInCents()),
          s.getComment());
    }
    if (entity instanceof Customer c) {
      return array(
          c.getCustomerKey(),
          c.getName(),
          c.getAddress(),
          c.getNationKey(),
          c.getPhone(),
          cents(c.getAccountBalanceInCents()),
          c.getMarketSegment(),
          c.getComment());
    }
    if (entity instanceof Part p) {
      return array(
          p.getPartKey(),
          p.getName(),
          p.getManufacturer(),
          p.getBrand(),
          p.getType(),
          p.getSize(),
          p.getContainer(),
          cents(p.getRetailPriceInCents()),
          p.getComment());
    }
    return laterRow(entity);
  }

  private static Object[] laterRow(TpchEntity entity) {
    if (entity instanceof PartSupplier p) {
      return array(
          p.getPartKey(),
          p.getSupplierKey(),
          p.getAvailableQuantity(),
          cents(p.getSupplyCostInCents()),
          p.getComment());
    }
    if (entity instanceof Order o) {
      return array(
          o.getOrderKey(),
          o.getCustomerKey(),
          String.valueOf(o.getOrderStatus()),
          cents(o.getTotalPriceInCents()),
          day(o.getOrderDate()),
          o.getOrderPriority(),
          o.getClerk(),
          o.getShipPriority(),
          o.getComment());
    }
    LineItem l = (LineItem) entity;
    return array(
        l.getOrderKey(),
        l.getPartKey(),
        l.getSupplierKey(),
        l.getLineNumber(),
        BigDecimal.valueOf(l.getQuantity()),
        cents(l.getExtendedPriceInCents()),
        cents(l.getDiscountPercent()),
        cents(l.getTaxPercent()),
        l.getReturnFlag(),
        l.getStatus(),
        day(l.getShipDate()),
        day(l.getCommitDate()),
        day(l.getReceiptDate()),
        l.getShipInstructions(),
        l.getShipMode(),
        l.getComment());
  }

  private static Object[] array(Object... values) {
    return values;
  }

  private static BigDecimal cents(long cents) {
    return BigDecimal.valueOf(cents, 2);
  }

  private static LocalDate day(int day) {
    return LocalDate.parse(GenerateUtils.formatDate(day));
  }
}
