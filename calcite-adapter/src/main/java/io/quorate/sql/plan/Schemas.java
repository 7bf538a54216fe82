package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.catalog.ViewDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ForeignKey;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
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
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one catalog as Calcite sees them. Thread-safe: what is not fixed from the beginning
 * is worked out by whoever asks first.
 */
final class Schemas {
  private static final CalciteConnectionConfig CONFIG = config();

  private final Catalog catalog;
  private final Map<String, Map<String, Table>> tables;
  private final CalciteSchema root;
  private final Map<Integer, TableCodec> codecs;
  private final Map<Integer, Checks> checks;
  private final Map<Integer, RelDataType> viewTypes;
  private final Map<Integer, Target> targets;

  /** These, or those that outlast the statement. */
  private final Schemas lasting;

  private final CancelFlag cancel;

  private final @Nullable Needs told;

  Schemas(Catalog catalog, TableStatistics statistics, List<AskedTable> asked) {
    this.catalog = catalog;
    this.lasting = this;
    this.cancel = CancelFlag.NEVER;
    this.told = null;
    this.tables = new HashMap<>();
    this.codecs = new HashMap<>();
    this.checks = new ConcurrentHashMap<>();
    this.viewTypes = new ConcurrentHashMap<>();
    this.targets = new ConcurrentHashMap<>();
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

  private Schemas(Schemas lasting, CancelFlag cancel, @Nullable Needs told) {
    this.catalog = lasting.catalog;
    this.tables = lasting.tables;
    this.root = lasting.root;
    this.codecs = lasting.codecs;
    this.checks = lasting.checks;
    this.viewTypes = lasting.viewTypes;
    this.targets = lasting.targets;
    this.lasting = lasting;
    this.cancel = cancel;
    this.told = told;
  }

  /** The same for one statement, whose planning ends when it is cancelled. */
  Schemas until(CancelFlag cancelled) {
    return new Schemas(lasting, cancelled, told);
  }

  /** The same, whose readers tell what is read by them. */
  Schemas telling(Needs needs) {
    return new Schemas(lasting, cancel, needs);
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
        : lasting.checks.computeIfAbsent(table.id(), id -> Checks.of(table, lasting));
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
    return lasting.targets.computeIfAbsent(table, lasting::newTarget);
  }

  private Target newTarget(int table) {
    TableCodec codec = codec(table);
    return Target.bound(
        lasting,
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

  /**
   * The table that a statement changes.
   *
   * @param schema for a name without one
   * @throws SqlFailure when it is not there, or something else
   */
  StoreTable target(String schema, SqlIdentifier name) {
    List<String> parts = name.names;
    int last = parts.size() - 1;
    String inside = last == 0 ? schema : parts.get(last - 1);
    return find(inside, parts.get(last))
        .orElseThrow(() -> noTarget(inside, parts.get(last), name.getParserPosition()));
  }

  private SqlFailure noTarget(String schema, String name, SqlParserPos position) {
    String shown = "\"" + schema + "." + name + "\"";
    if (isVirtual(schema, name)) {
      return new SqlFailure(State.NOT_SUPPORTED, "table " + shown + " cannot be changed");
    }
    String where = "line " + position.getLineNum() + ", column " + position.getColumnNum() + ": ";
    if (catalog.objects().findView(schema, name).isPresent()) {
      return new SqlFailure(
          State.WRONG_OBJECT,
          where + shown + " is a view and cannot be changed; change the tables that it reads");
    }
    return catalog.hasRelation(schema, name)
        ? new SqlFailure(State.WRONG_OBJECT, where + shown + " is not a table")
        : new SqlFailure(State.TABLE_NOT_FOUND, where + "table " + shown + " not found");
  }

  CalciteCatalogReader reader(String schema) {
    return reader(root, schema);
  }

  private CalciteCatalogReader reader(CalciteSchema of, String schema) {
    return new StatementReader(of, List.of(schema), CONFIG, cancel, told);
  }

  /** With one table that shows the keys of its rows, for a statement that changes them. */
  CalciteCatalogReader readerForChange(String schema, TableDef changed) {
    return readerWithKeys(schema, List.of(changed));
  }

  /** With tables that show the keys of their rows. */
  CalciteCatalogReader readerWithKeys(String schema, List<TableDef> keyed) {
    Map<String, Map<String, Table>> all = new HashMap<>(tables);
    for (TableDef each : keyed) {
      Map<String, Table> inside = new HashMap<>(all.getOrDefault(each.schema(), Map.of()));
      find(each.schema(), each.name()).ifPresent(table -> inside.put(each.name(), table.withKey()));
      all.put(each.schema(), inside);
    }
    return reader(root(all), schema);
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
