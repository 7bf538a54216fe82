package io.quorate.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quorate.sql.catalog.SequenceOptions.Said;
import io.quorate.sql.catalog.SequenceOptions.Word;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import io.quorate.sql.store.TreeMapView;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ObjectFormsTest {
  private static final String SEQUENCE =
      "02 00000010 00000006 5055424c4943 00000001 53 04"
          // start, increment, min, max, cycle, cache, counter, first
          + "0000000000000005 fffffffffffffffe ffffffff80000000 0000000000000007 01"
          + "000000000000000a 00000011 0000000000000005";

  private static final String VIEW =
      "02 00000012 00000006 5055424c4943 00000001 56"
          + "00000002 00000001 41 04 ffffffff 00000000 00000001 42 06 0000000a 00000002"
          + "00000008 53454c4543542031 00000006 5055424c4943 00000001 00000010";

  private static final String COMMENT = "02 00000012 00000001 41 00000003 c3a421";

  private static Row row(String hex) {
    return Row.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static SequenceDef sequence() {
    SequenceOptions options =
        new SequenceOptions(SqlType.of(Name.INTEGER), 5, -2, Integer.MIN_VALUE, 7, true, 10);
    return new SequenceDef(16, "PUBLIC", "S", options, 17, 5);
  }

  private static ViewDef view() {
    return new ViewDef(
        18,
        "PUBLIC",
        "V",
        List.of(
            new ColumnDef("A", SqlType.of(Name.INTEGER), true, null),
            new ColumnDef("B", new SqlType(Name.DECIMAL, 10, 2), true, null)),
        "SELECT 1",
        "PUBLIC",
        List.of(16));
  }

  @Test
  void the_bytes_of_objects_never_change() {
    assertThat(ObjectForms.encode(sequence())).isEqualTo(row(SEQUENCE));
    assertThat(ObjectForms.encode(view())).isEqualTo(row(VIEW));
    assertThat(ObjectForms.encode(new CommentKey(18, "A"), "ä!")).isEqualTo(row(COMMENT));
    assertThat(CatalogCodec.viewKey(18)).hasToString("0400000012");
    assertThat(CatalogCodec.sequenceKey(16)).hasToString("0500000010");
    assertThat(CatalogCodec.commentKey(new CommentKey(18, "A"))).hasToString("060000001241");
  }

  @Test
  void a_damaged_object_is_refused() {
    List<Row> none = List.of();
    for (String hex : List.of(VIEW + "00", VIEW.substring(0, VIEW.length() - 2), "01")) {
      assertThatIllegalStateException()
          .isThrownBy(() -> ObjectForms.decode(List.of(row(hex)), none, none, none));
    }
    for (String hex :
        List.of(
            SEQUENCE + "00",
            SEQUENCE.replace("02 00000010", "01 00000010"),
            SEQUENCE.replace("0007 01000", "0007 02000"),
            SEQUENCE.replace("fffffffffffffffe", "0000000000000000"))) {
      assertThatIllegalStateException()
          .describedAs(hex)
          .isThrownBy(() -> ObjectForms.decode(none, List.of(row(hex)), none, none));
    }
    Row comment = row(COMMENT);
    assertThatIllegalStateException()
        .isThrownBy(() -> ObjectForms.decode(none, none, List.of(comment, comment), none));
  }

  @Test
  void a_catalog_is_read_back_with_all_its_objects_and_refused_with_others() {
    TreeMapView store = new TreeMapView();
    Catalog catalog = Catalog.empty();
    NewTable table =
        new NewTable(
            "PUBLIC",
            "T",
            List.of(new ColumnDef("A", SqlType.of(Name.INTEGER), true, null)),
            List.of());
    for (int step = 0; step < 4; step++) {
      Catalog before = catalog;
      Said said = new Said(null, Map.of(Word.CACHE, Optional.of(3L)));
      CatalogEdit edit =
          switch (step) {
            case 0 -> Definitions.createTable(before, table);
            case 1 -> Sequences.create(before, "PUBLIC", "S", said);
            case 2 -> Views.create(before, view().withId(Views.NO_ID), false);
            default ->
                Comments.set(
                    before, new Comments.Subject(Comments.Kind.VIEW, "PUBLIC", "V", ""), "c");
          };
      store.apply(CatalogEdit.changes(store, before, edit.after()));
      catalog = edit.after();
      assertThat(new CatalogReader().read(store)).isEqualTo(catalog);
    }
    assertThat(catalog.objects().comments()).hasSize(1);
    Catalog gone = Views.drop(catalog, "PUBLIC", "V", false).after();
    assertThat(gone.objects().comments()).isEmpty();
    store.apply(CatalogEdit.changes(store, catalog, gone));
    assertThat(new CatalogReader().read(store)).isEqualTo(gone);

    store.apply(
        List.of(
            new StoreChange(
                Catalog.STORE_TABLE, RowKey.wrap(new byte[] {7}), null, Row.wrap(new byte[] {1}))));
    assertThatIllegalStateException().isThrownBy(() -> new CatalogReader().read(store));
  }
}
