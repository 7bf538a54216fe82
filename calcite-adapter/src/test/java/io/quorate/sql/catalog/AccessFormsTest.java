package io.quorate.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quorate.sql.catalog.ObjectAccess.Grant;
import io.quorate.sql.store.Row;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AccessFormsTest {
  private static final String ROLE =
      "01 00000001 52 0000000000000007 00000002 00000001 41 00 00000001 42 01";

  private static final String ACCESS =
      "01 00000010 00000000 00000001 4f 00000002"
          + "00000001 41 00000000 01 00000000 01"
          + "00000001 42 00000001 41 03 00000001 43 00";

  private static final RoleDef DEFINED =
      new RoleDef("R", 7, new TreeMap<>(Map.of("A", false, "B", true)));

  private static final ObjectKey KEY = ObjectKey.of(16);

  private static final ObjectAccess KNOWN =
      new ObjectAccess("O", new TreeMap<>())
          .with(new Grant("A", "", Privilege.SELECT, ""), true)
          .with(new Grant("B", "A", Privilege.UPDATE, "C"), false);

  private static Row row(String hex) {
    return Row.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @Test
  void the_bytes_of_roles_and_grants_never_change() {
    assertThat(AccessForms.encode(DEFINED)).isEqualTo(row(ROLE));
    assertThat(AccessForms.decodeRoles(List.of(row(ROLE)))).isEqualTo(Map.of("R", DEFINED));
    assertThat(AccessForms.encode(KEY, KNOWN)).isEqualTo(row(ACCESS));
    assertThat(AccessForms.decodeAccess(List.of(row(ACCESS)))).isEqualTo(Map.of(KEY, KNOWN));
    assertThat(CatalogCodec.roleKey("R")).hasToString("0752");
    assertThat(CatalogCodec.accessKey(KEY)).hasToString("0800000010");
    assertThat(CatalogCodec.accessKey(ObjectKey.ofSchema("S"))).hasToString("080000000053");
    assertThat(Arrays.stream(Privilege.values()).map(each -> each.number() + " " + each))
        .containsExactly(
            "1 SELECT",
            "2 INSERT",
            "3 UPDATE",
            "4 DELETE",
            "5 REFERENCES",
            "6 TRIGGER",
            "7 USAGE",
            "8 CREATE");
  }

  @Test
  void damaged_roles_and_grants_are_refused() {
    for (String hex :
        List.of(ROLE + "00", ROLE.replace("42 01", "42 02"), ROLE.replace("42", "41"))) {
      assertThatIllegalStateException()
          .describedAs(hex)
          .isThrownBy(() -> AccessForms.decodeRoles(List.of(row(hex))));
    }
    for (String hex :
        List.of(ACCESS + "00", ACCESS.replace("41 03", "41 09"), "02" + ACCESS.substring(2))) {
      assertThatIllegalStateException()
          .describedAs(hex)
          .isThrownBy(() -> AccessForms.decodeAccess(List.of(row(hex))));
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> AccessForms.decodeRoles(List.of(row(ROLE), row(ROLE))));
  }
}
