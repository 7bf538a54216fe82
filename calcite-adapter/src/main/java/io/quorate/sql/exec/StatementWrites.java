package io.quorate.sql.exec;

import io.quorate.sql.catalog.ForeignKeyDef.Action;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.ReferencedKey;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one statement changes, in the table that it names and, by their foreign keys, in others. One
 * thread's own; used once.
 *
 * <pre>
 *  rows that go or change ──▶ those that refer to them go or change too (CASCADE, SET …), and so on
 *                         ──▶ all that go have gone; all that come are put and checked, table by table
 *                         ──▶ foreign keys, as the rows are now: does each that came refer to one
 *                             that is there, and is none referred to that has gone?
 * </pre>
 *
 * Which rows refer to one is looked for in the view, so as they were before the statement: keys may
 * move from row to row, and each row follows the one that it referred to. Nothing of this happens
 * for a table without foreign keys from it or to it.
 */
public final class StatementWrites {
  /** Only foreign keys in a ring that want the same column otherwise change a row so often. */
  private static final int TURNS_MAX = 64;

  /** Rows between two looks at the cancel flag. */
  private static final int ROWS_A_CHECK = 256;

  private final ExecutionContext context;
  private final ReadView view;
  private final MemoryMeter meter;
  private final Table named;

  /** By id, in the order in which the statement got to them. */
  private final Map<Integer, Table> tables = new LinkedHashMap<>();

  private final Deque<Altered> open = new ArrayDeque<>();
  private final Map<Place, Use> uses = new LinkedHashMap<>();
  private final Set<Integer> reliedOn = new LinkedHashSet<>();
  private long rowsSeen;

  /**
   * @param table that the statement names
   */
  public StatementWrites(WrittenTable table, ExecutionContext context) {
    this.context = context;
    this.view = context.view();
    this.meter = new MemoryMeter(context.memoryBytesMax());
    this.named = table(table);
  }

  private record Place(int store, RowKey key) {}

  /** What the statement has to do with a key that is referred to. */
  private static final class Use {
    boolean leaves;
    final Set<ReferencedKey.Range> referrers = new LinkedHashSet<>();
  }

  /** One table of the statement. */
  private static final class Table {
    final WrittenTable written;
    final RowChecks checks;
    final WriteSet set;
    final Map<RowKey, Altered> altered = new LinkedHashMap<>();

    /** New rows, if they refer to others. */
    final List<@Nullable Object[]> inserted = new ArrayList<>();

    Table(WrittenTable written, RowChecks checks, WriteSet set) {
      this.written = written;
      this.checks = checks;
      this.set = set;
    }

    TableDef definition() {
      return written.codec().definition();
    }
  }

  /** A row that goes or changes. */
  private static final class Altered {
    final Table table;
    final @Nullable Object[] before;
    @Nullable Object @Nullable [] now;

    /** By which its columns that refer follow the row that it referred to. */
    final Set<ForeignKey> followed = new LinkedHashSet<>();

    int turns;

    Altered(Table table, @Nullable Object[] before, @Nullable Object @Nullable [] now) {
      this.table = table;
      this.before = before;
      this.now = now;
    }
  }

  private Table table(WrittenTable written) {
    TableDef definition = written.codec().definition();
    Table known = tables.get(definition.id());
    if (known == null) {
      RowChecks checks = new LateChecks(written);
      known = new Table(written, checks, new WriteSet(written.codec(), context, checks, meter));
      tables.put(definition.id(), known);
    }
    return known;
  }

  /** Made ready for the first row that comes: a row that goes satisfies everything. */
  private final class LateChecks implements RowChecks {
    private final WrittenTable written;
    private @Nullable RowChecks checks;

    LateChecks(WrittenTable written) {
      this.written = written;
    }

    private RowChecks ready() {
      RowChecks ready = checks;
      if (ready == null) {
        ready = written.checks(context);
        checks = ready;
      }
      return ready;
    }

    @Override
    public void complete(@Nullable Object[] values) {
      ready().complete(values);
    }

    @Override
    public void check(Row row) {
      ready().check(row);
    }
  }

  /** The values of a row's generated columns are put into it, before it is known to come. */
  public void complete(@Nullable Object[] values) {
    named.checks.complete(values);
  }

  /** A row comes that was not there. The values of its generated columns are put into it. */
  public void insert(@Nullable Object[] values) {
    named.checks.complete(values);
    named.set.add(values);
    if (!named.written.references().isEmpty()) {
      named.inserted.add(values);
      meter.addRow(values);
    }
  }

  /** What becomes of a row. */
  public interface Alteration {
    /**
     * Its values as they will be but for generated columns; null when it goes.
     *
     * @param values as they are; not to be changed
     */
    @Nullable Object @Nullable [] of(@Nullable Object[] values);
  }

  /**
   * A row goes or changes, unless it does already.
   *
   * @return whether it does not
   */
  public boolean alter(RowKey key, Row row, Alteration alteration) {
    Optional<@Nullable Object[]> before = named.set.remove(key, row);
    if (before.isEmpty()) {
      return false;
    }
    @Nullable Object @Nullable [] now = alteration.of(before.get());
    if (now != null) {
      named.checks.complete(now);
    }
    boolean mayBeReferredTo = !named.written.referrers().isEmpty();
    if (now != null || mayBeReferredTo) {
      Altered altered = new Altered(named, before.get(), now);
      named.altered.put(key, altered);
      meter.addRow(before.get());
      if (mayBeReferredTo) {
        open.add(altered);
      }
    }
    return true;
  }

  /** All rows that the statement finds have been told; the rest follows from them. */
  public void finish() {
    while (!open.isEmpty()) {
      follow(open.remove());
    }
    for (Table table : tables.values()) {
      for (Altered altered : table.altered.values()) {
        if (altered.now != null) {
          table.set.add(altered.now);
        }
      }
    }
    for (Table table : List.copyOf(tables.values())) {
      table.written.references().forEach(key -> checkReferences(table, key));
      if (!table.altered.isEmpty()) {
        table.written.referrers().forEach(key -> checkReferrers(table, key));
      }
    }
  }

  private void follow(Altered parent) {
    for (ForeignKey key : parent.table.written.referrers()) {
      Action action =
          parent.now == null ? key.definition().onDelete() : key.definition().onUpdate();
      if (action == Action.NO_ACTION
          || action == Action.RESTRICT
          || (parent.now != null && key.isSameKey(parent.before, parent.now))) {
        continue;
      }
      Table child = table(parent.table.written.other(key.child().id()));
      key.referrers(parent.before)
          .ifPresent(
              range ->
                  walk(range, entry -> follow(parent, key, action, altered(child, key, entry))));
    }
  }

  private void walk(ReferencedKey.Range range, Consumer<ReadView.RowCursor> each) {
    ReadView.RowCursor entries =
        view.scan(range.table(), Optional.of(range.from()), Optional.of(range.to()));
    while (entries.next()) {
      if (rowsSeen++ % ROWS_A_CHECK == 0) {
        context.cancel().check();
      }
      each.accept(entries);
    }
  }

  /** A row that refers, as one that changes; for now into what it is. */
  private Altered altered(Table child, ForeignKey key, ReadView.RowCursor entry) {
    RowKey primary = key.referrer(entry);
    Altered known = child.altered.get(primary);
    if (known != null) {
      return known;
    }
    @Nullable Object[] values =
        child.set.remove(primary, key.referrerRow(entry, view)).orElseThrow();
    Altered altered = new Altered(child, values, values.clone());
    child.altered.put(primary, altered);
    meter.addRow(values);
    return altered;
  }

  private void follow(Altered parent, ForeignKey key, Action action, Altered child) {
    @Nullable Object[] now = child.now;
    if (now == null || (!child.followed.contains(key) && !key.refersAlike(child.before, now))) {
      // It goes anyway, or the statement itself has it refer to something else.
      return;
    }
    child.followed.add(key);
    @Nullable Object[] next = null;
    if (action != Action.CASCADE || parent.now != null) {
      next = now.clone();
      for (int i = 0; i < key.definition().columns().size(); i++) {
        int column = key.definition().columns().get(i);
        next[column] =
            Conversion.assign(
                value(parent, key, action, i, child), child.table.definition(), column);
      }
      if (key.refersAlike(now, next)) {
        return;
      }
      child.table.checks.complete(next);
    }
    if (child.turns++ > TURNS_MAX) {
      throw new SqlFailure(
          State.LIMIT_EXCEEDED,
          "foreign keys change a row of table "
              + ShownValues.name(child.table.definition())
              + " again and again");
    }
    child.now = next;
    if (!child.table.written.referrers().isEmpty()) {
      open.add(child);
    }
  }

  private @Nullable Object value(
      Altered parent, ForeignKey key, Action action, int place, Altered child) {
    return switch (action) {
      case CASCADE -> Objects.requireNonNull(parent.now)[key.definition().referenced().get(place)];
      case SET_DEFAULT ->
          child.table.written.defaultOf(key.definition().columns().get(place), context);
      default -> null;
    };
  }

  /** Rows that came, or refer to something else than before, refer to a row that is there. */
  private void checkReferences(Table table, ForeignKey key) {
    for (@Nullable Object[] row : table.inserted) {
      checkReference(key, row);
    }
    for (Altered altered : table.altered.values()) {
      if (altered.now != null && !key.refersAlike(altered.before, altered.now)) {
        checkReference(key, altered.now);
      }
    }
  }

  private void checkReference(ForeignKey key, @Nullable Object[] row) {
    reliedOn.add(key.parent().id());
    key.require(row, (store, referenced) -> stands(key, referenced))
        .ifPresent(referenced -> use(key, referenced));
  }

  private boolean stands(ForeignKey key, RowKey referenced) {
    Table parent = tables.get(key.parent().id());
    return parent == null
        ? view.find(key.parentStore(), referenced).isPresent()
        : parent.set.stands(key.parentStore(), referenced);
  }

  private Use use(ForeignKey key, RowKey referenced) {
    Place place = new Place(key.parentStore(), referenced);
    Use use = uses.get(place);
    if (use == null) {
      use = new Use();
      uses.put(place, use);
      meter.add(160L + referenced.unsafeBytes().length);
    }
    return use;
  }

  /** No row refers to a key that has gone. */
  private void checkReferrers(Table table, ForeignKey key) {
    for (Altered altered : table.altered.values()) {
      Optional<RowKey> gone = key.own(altered.before);
      if (gone.isPresent()
          && (altered.now == null || !key.isSameKey(altered.before, altered.now))) {
        checkReferrers(key, gone.get(), altered);
      }
    }
  }

  private void checkReferrers(ForeignKey key, RowKey gone, Altered parent) {
    reliedOn.add(key.child().id());
    Optional<ReferencedKey.Range> range = key.referrers(parent.before);
    Use use = use(key, gone);
    use.leaves = true;
    range.ifPresent(use.referrers::add);
    Action action = parent.now == null ? key.definition().onDelete() : key.definition().onUpdate();
    if (range.isPresent() && (action == Action.RESTRICT || !stands(key, gone))) {
      walk(range.get(), entry -> checkReferrer(key, entry, parent, action));
    }
  }

  private void checkReferrer(
      ForeignKey key, ReadView.RowCursor entry, Altered parent, Action action) {
    Table child = tables.get(key.child().id());
    Altered altered = child == null ? null : child.altered.get(key.referrer(entry));
    if (altered != null && (altered.now == null || !key.refersAlike(altered.before, altered.now))) {
      return;
    }
    throw key.stillReferenced(parent.before, action == Action.RESTRICT);
  }

  /** All changes of the store. */
  public List<StoreChange> changes() {
    if (tables.size() == 1) {
      return named.set.changes();
    }
    List<StoreChange> all = new ArrayList<>();
    tables.values().forEach(table -> all.addAll(table.set.changes()));
    return all;
  }

  /** The tables whose definitions the changes rely on. */
  public List<Integer> tables() {
    if (tables.size() == 1 && reliedOn.isEmpty()) {
      return List.of(named.definition().id());
    }
    Set<Integer> all = new LinkedHashSet<>(tables.keySet());
    all.addAll(reliedOn);
    return List.copyOf(all);
  }

  /** The keys between rows that the changes rely on or take away. */
  public List<ReferencedKey> keys() {
    if (uses.isEmpty()) {
      return List.of();
    }
    List<ReferencedKey> keys = new ArrayList<>();
    uses.forEach(
        (place, use) ->
            keys.add(
                new ReferencedKey(place.store, place.key, use.leaves, List.copyOf(use.referrers))));
    return keys;
  }
}
