package io.quorate.sql.plan;

import io.quorate.sql.catalog.Authority;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.ObjectKey;
import io.quorate.sql.catalog.Privilege;
import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.catalog.ViewDef;
import io.quorate.sql.parse.InsertNode;
import io.quorate.sql.parse.LockingNode;
import io.quorate.sql.parse.MergeNode;
import io.quorate.sql.parse.OnConflict;
import io.quorate.sql.parse.ReturningNode;
import io.quorate.sql.parse.StatementNode;
import io.quorate.sql.parse.StatementParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUpdate;

/**
 * Works out what a statement needs: it is planned once more, on readers that tell what it reads,
 * and looked at for what it writes. Confined to one thread.
 *
 * <p>What a view reads is not needed by who reads the view but by the owner of the view.
 */
final class Needs {
  /** Tables that show of others what they would not tell. */
  private static final Set<String> OF_ADMINISTRATORS =
      Set.of("COLUMN_STATISTICS", "PLAN_CACHE", "SESSIONS");

  private final Schemas tables;
  private final String schema;
  private final List<Need> needs = new ArrayList<>();
  private final Map<ObjectKey, Set<String>> reads = new LinkedHashMap<>();
  private final Map<ObjectKey, String> shown = new LinkedHashMap<>();
  private final Set<ObjectKey> written = new LinkedHashSet<>();

  /**
   * @param schema for names without one
   */
  private Needs(Schemas tables, String schema) {
    this.tables = tables.telling(this);
    this.schema = schema;
  }

  /** All that a statement needs, which must be one that there is a plan for. */
  static List<Need> of(Schemas tables, String schema, SqlNode node) {
    Needs needs = new Needs(tables, schema);
    needs.add(node);
    needs.reads.forEach(needs::addRead);
    return List.copyOf(needs.needs);
  }

  Catalog catalog() {
    return tables.catalog();
  }

  void add(Need need) {
    needs.add(need);
  }

  /** A statement, or a part of one that stands for itself. */
  void add(SqlNode node) {
    if (node instanceof StatementNode statement) {
      statement.statement().match(new StatementNeeds(this, schema));
      return;
    }
    addWrites(node);
    var unused = CalcitePlanner.make(tables, schema, node);
  }

  private void addWrites(SqlNode node) {
    if (node instanceof SqlExplain explain) {
      addWrites(explain.getExplicandum());
    } else if (node instanceof ReturningNode returning) {
      addWrites(returning.change());
    } else if (node instanceof LockingNode locking) {
      new LockingCompiler(locking, tables, schema)
          .lockedTables()
          .forEach(table -> addColumns(table, Privilege.UPDATE, List.of()));
    } else if (node instanceof SqlInsert insert) {
      addInsert(insert);
    } else if (node instanceof MergeNode merge) {
      addMerge(merge);
    } else if (node instanceof SqlUpdate update) {
      TableDef table = target((SqlIdentifier) update.getTargetTable());
      addColumns(table, Privilege.UPDATE, names(update.getTargetColumnList()));
    } else if (node instanceof SqlDelete delete) {
      addDelete(target((SqlIdentifier) delete.getTargetTable()));
    }
  }

  private void addInsert(SqlInsert insert) {
    TableDef table = target((SqlIdentifier) insert.getTargetTable());
    SqlNodeList given = insert.getTargetColumnList();
    addColumns(table, Privilege.INSERT, given == null ? all(table) : names(given));
    if (insert instanceof InsertNode withClause) {
      OnConflict.Update update = withClause.conflict().update();
      if (update != null) {
        addColumns(table, Privilege.UPDATE, update.columns());
      }
    }
  }

  private void addMerge(MergeNode merge) {
    TableDef table = target(merge.table());
    for (MergeNode.Clause clause : merge.clauses()) {
      switch (clause.action()) {
        case UPDATE -> addColumns(table, Privilege.UPDATE, clause.columns());
        case INSERT ->
            addColumns(
                table,
                Privilege.INSERT,
                clause.columns().isEmpty() ? all(table) : clause.columns());
        case DELETE -> addDelete(table);
        case NOTHING -> {}
      }
    }
  }

  private TableDef target(SqlIdentifier name) {
    TableDef table = tables.target(schema, name).definition();
    written.add(ObjectKey.of(table.id()));
    addUsage(table.schema());
    return table;
  }

  private void addDelete(TableDef table) {
    needs.add(new Need.Whole(ObjectKey.of(table.id()), shown(table), Privilege.DELETE));
  }

  private void addColumns(TableDef table, Privilege privilege, List<String> columns) {
    needs.add(new Need.Columns(ObjectKey.of(table.id()), shown(table), privilege, columns));
  }

  private static List<String> all(TableDef table) {
    return table.visibleColumns().stream().map(ColumnDef::name).toList();
  }

  /** The last parts: those before are of the table. */
  private static List<String> names(SqlNodeList columns) {
    List<String> names = new ArrayList<>();
    for (SqlNode column : columns) {
      List<String> parts = ((SqlIdentifier) Objects.requireNonNull(column)).names;
      names.add(parts.get(parts.size() - 1));
    }
    return names;
  }

  static String shown(TableDef table) {
    return shown("table", table.schema(), table.name());
  }

  static String shown(String kind, String schema, String name) {
    return kind + " \"" + schema + "." + name + "\"";
  }

  /** To name what is in a schema. */
  void addUsage(String in) {
    if (!Catalog.isBuiltIn(in)) {
      needs.add(new Need.Whole(ObjectKey.ofSchema(in), "schema \"" + in + "\"", Privilege.USAGE));
    }
  }

  // What readers tell

  void reads(TableDef table, Set<String> columns) {
    remember(ObjectKey.of(table.id()), shown(table), table.schema(), columns);
  }

  void reads(ViewDef view, Set<String> columns) {
    String name = shown("view", view.schema(), view.name());
    if (remember(ObjectKey.of(view.id()), name, view.schema(), columns)) {
      addOwnersNeeds(view);
    }
  }

  void reads(AskedTable table) {
    String name = table.definition().name();
    if (table.definition().schema().equals(Catalog.SYSTEM_SCHEMA)
        && OF_ADMINISTRATORS.contains(name)) {
      needs.add(new Need.Administrator(shown("table", Catalog.SYSTEM_SCHEMA, name)));
    }
  }

  void takes(SequenceDef sequence) {
    addUsage(sequence.schema());
    needs.add(
        new Need.Whole(
            ObjectKey.of(sequence.id()),
            shown("sequence", sequence.schema(), sequence.name()),
            Privilege.USAGE));
  }

  private boolean remember(ObjectKey key, String name, String in, Set<String> columns) {
    boolean first = !reads.containsKey(key);
    reads.computeIfAbsent(key, each -> new LinkedHashSet<>()).addAll(columns);
    if (first) {
      shown.put(key, name);
      addUsage(in);
    }
    return first;
  }

  private void addOwnersNeeds(ViewDef view) {
    String owner = catalog().objects().access(ObjectKey.of(view.id())).owner();
    if (!Authority.of(catalog(), owner).isUnrestricted()) {
      for (Need need : of(tables, view.path(), StatementParser.parse(view.sql()))) {
        needs.add(new Need.OfOwner(owner, need));
      }
    }
  }

  /** Who writes a table and reads no column of it sees nothing of it. */
  private void addRead(ObjectKey key, Set<String> columns) {
    if (!written.contains(key) || !columns.isEmpty()) {
      needs.add(
          new Need.Columns(
              key, Objects.requireNonNull(shown.get(key)), Privilege.SELECT, List.copyOf(columns)));
    }
  }
}
