package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.catalog.ViewDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ForeignKey;
import io.quorate.sql.parse.StatementParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.SqlNode;

/**
 * The tables of one catalog as Calcite sees them. Thread-safe: what is not fixed from the beginning
 * is worked out by whoever asks first.
 */
final class Schemas {
  private static final CalciteConnectionConfig CONFIG = config();

  private final Catalog catalog;
  private final Map<String, Map<String, Table>> tables;
  private final CalciteSchema root;
  private final Map<Integer, TableCodec> codecs = new HashMap<>();
  private final Map<Integer, Checks> checks = new ConcurrentHashMap<>();
  private final Map<Integer, RelDataType> viewTypes = new ConcurrentHashMap<>();
  private final Map<Integer, Target> targets = new ConcurrentHashMap<>();

  Schemas(Catalog catalog, TableStatistics statistics, List<AskedTable> asked) {
    this.catalog = catalog;
    this.tables = new HashMap<>();
    catalog.schemas().forEach(schema -> tables.put(schema, new HashMap<>()));
    catalog
        .tables()
        .forEach(
            (schema, inside) ->
                inside.forEach(
                    (name, table) -> {
                      TableCodec codec = new TableCodec(table);
                      codecs.put(table.id(), codec);
                      add(schema, name, new StoreTable(codec, statistics, false));
                    }));
    catalog
        .objects()
        .views()
        .values()
        .forEach(each -> add(each.schema(), each.name(), new ViewTable(each, this::rowType)));
    catalog
        .objects()
        .sequences()
        .values()
        .forEach(each -> add(each.schema(), each.name(), new SequenceTable(each)));
    asked.forEach(table -> add(table.definition().schema(), table.definition().name(), table));
    this.root = root(tables);
  }

  private void add(String schema, String name, Table table) {
    tables.computeIfAbsent(schema, key -> new HashMap<>()).put(name, table);
  }

  private static CalciteSchema root(Map<String, Map<String, Table>> tables) {
    CalciteSchema root = CalciteSchema.createRootSchema(false, false);
    SchemaPlus named = root.plus().add(Catalog.NAME, new AbstractSchema());
    tables.forEach(
        (name, inside) -> {
          root.plus().add(name, new Inside(inside));
          named.add(name, new Inside(inside));
        });
    return root;
  }

  private static CalciteConnectionConfig config() {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    return new CalciteConnectionConfigImpl(properties);
  }

  Catalog catalog() {
    return catalog;
  }

  Optional<StoreTable> find(String schema, String table) {
    Map<String, Table> inside = tables.get(schema);
    return inside != null && inside.get(table) instanceof StoreTable found
        ? Optional.of(found)
        : Optional.empty();
  }

  /** What the query of a view returns, worked out once. */
  private RelDataType rowType(ViewDef view) {
    RelDataType known = viewTypes.get(view.id());
    if (known == null) {
      StatementValidator validator = new StatementValidator(reader(view.path()));
      SqlNode query = validator.validate(StatementParser.parse(view.sql()));
      known = ViewTable.named(view, validator.getValidatedNodeType(query));
      viewTypes.put(view.id(), known);
    }
    return known;
  }

  /** The generated columns and CHECK constraints of one of the tables, compiled once. */
  Checks checks(TableDef table) {
    return table.checks().isEmpty() && !table.hasGeneratedColumns()
        ? Checks.NONE
        : checks.computeIfAbsent(table.id(), id -> Checks.of(table, this));
  }

  /**
   * One of the tables, to be written to.
   *
   * @param rowsCome whether its checks are needed, and compiled now
   */
  Target target(TableDef table, boolean rowsCome) {
    Checks needed = rowsCome ? checks(table) : Checks.NONE;
    return table.foreignKeys().isEmpty() && catalog.foreignKeysTo(table.id()).isEmpty()
        ? Target.unbound(codec(table.id()), needed)
        : target(table.id());
  }

  /** One that foreign keys bind to others. */
  Target target(int table) {
    return targets.computeIfAbsent(table, this::newTarget);
  }

  private Target newTarget(int table) {
    TableCodec codec = codec(table);
    return Target.bound(
        this,
        codec,
        codec.definition().foreignKeys().stream()
            .map(key -> new ForeignKey(key, codec, codec(key.table())))
            .toList(),
        catalog.foreignKeysTo(table).stream()
            .map(referrer -> foreignKey(referrer, codec))
            .toList());
  }

  private ForeignKey foreignKey(Catalog.Referrer referrer, TableCodec parent) {
    return new ForeignKey(referrer.key(), codec(referrer.table().id()), parent);
  }

  private TableCodec codec(int table) {
    return Objects.requireNonNull(codecs.get(table));
  }

  boolean isVirtual(String schema, String table) {
    Map<String, Table> inside = tables.get(schema);
    return inside != null && inside.get(table) instanceof AskedTable;
  }

  CalciteCatalogReader reader(String schema) {
    return new CalciteCatalogReader(root, List.of(schema), Types.FACTORY, CONFIG);
  }

  /** With one table that shows the keys of its rows, for a statement that changes them. */
  CalciteCatalogReader readerForChange(String schema, TableDef changed) {
    Map<String, Map<String, Table>> all = new HashMap<>(tables);
    Map<String, Table> inside = new HashMap<>(all.getOrDefault(changed.schema(), Map.of()));
    find(changed.schema(), changed.name())
        .ifPresent(table -> inside.put(changed.name(), table.withKey()));
    all.put(changed.schema(), inside);
    return new CalciteCatalogReader(root(all), List.of(schema), Types.FACTORY, CONFIG);
  }

  private static final class Inside extends AbstractSchema {
    private final Map<String, Table> tables;

    Inside(Map<String, Table> tables) {
      this.tables = tables;
    }

    @Override
    protected Map<String, Table> getTableMap() {
      return tables;
    }
  }
}
