package io.quorate.driver.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys from files. */
class TlsIdentityTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"node", "node-ec", "client"})
  void a_certificate_and_its_key_are_read(String name) throws TlsException {
    TlsIdentity identity = read(name + ".pem", name + ".key");
    identity.requireValidAt(Instant.parse("2030-01-01T00:00:00Z"));
    assertThat(identity.validUntil()).isEqualTo("2099-01-01T00:00:00Z");
    assertThat(identity.keyManagers()).hasSize(1);
  }

  @Test
  void a_chain_and_text_between_are_read() throws IOException {
    String chain =
        "for people\r\n"
            + Files.readString(TestCertificates.file("node.pem")).replace("\n", "\r\n")
            + "and more\n"
            + Files.readString(TestCertificates.file("ca.pem"));
    Path both = Files.writeString(directory.resolve("both.pem"), chain);
    assertThat(PemFile.read(both).certificates())
        .extracting(TlsIdentity::nameOf)
        .containsExactly("O=Quorate tests,CN=node", "O=Quorate tests,CN=Test authority");
    assertThat(TlsIdentity.read(both, TestCertificates.file("node.key"))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "node.pkcs1.key, is in PKCS#1 form; convert it: openssl pkcs8 -topk8 -nocrypt -in ",
    "node-ec.sec1.key, is a EC PRIVATE KEY not PKCS#8; convert it: openssl pkcs8 -topk8 -nocrypt",
    "node.encrypted.key, is encrypted; take its password off: openssl pkey -in ",
    "ca.pem, holds no key in PEM form (BEGIN PRIVATE KEY)"
  })
  void a_key_in_another_form_is_refused_with_the_way_to_convert_it(String name, String reason) {
    refused("node.pem", name)
        .hasMessageContaining(TestCertificates.file(name).toString())
        .satisfies(
            e -> assertThat(String.valueOf(e.getMessage()).replace(",", "")).contains(reason));
  }

  @Test
  void a_key_of_another_certificate_is_refused() {
    for (String other : new String[] {"client.key", "node.key", "foreign-client.key"}) {
      refused("node-ec.pem", other)
          .hasMessageContaining("does not belong to the first certificate");
    }
  }

  @Test
  void a_file_that_is_not_there_or_no_file_is_told() {
    assertThatThrownBy(() -> PemFile.read(directory.resolve("none.pem")))
        .isInstanceOf(TlsException.class)
        .hasMessageEndingWith("none.pem does not exist");
    assertThatThrownBy(() -> PemFile.read(directory))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void damaged_files_are_told_in_one_line() throws IOException {
    String good = Files.readString(TestCertificates.file("node.pem"));
    for (String bad :
        new String[] {
          "",
          "nothing",
          good.substring(0, good.length() / 2),
          good.replace("M", "*"),
          good.replaceFirst("MII", "AAA"),
          "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
        }) {
      Path file = Files.write(directory.resolve("bad.pem"), bad.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> PemFile.read(file).certificates())
          .as(bad)
          .isInstanceOf(TlsException.class)
          .hasMessageContaining("bad.pem")
          .hasMessageNotContaining("\n");
    }
    String key = Files.readString(TestCertificates.file("node.key"));
    Path file = Files.writeString(directory.resolve("bad.key"), key.replaceFirst("MII", "AAA"));
    assertThatThrownBy(() -> PemFile.read(file).key())
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("holds a key that cannot be read");
    Path two = Files.writeString(directory.resolve("two.key"), key + key);
    assertThatThrownBy(() -> PemFile.read(two).key())
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("more than one key");
  }

  @Test
  void dates_are_told() throws TlsException {
    assertThatThrownBy(
            () ->
                read("expired.pem", "expired.key")
                    .requireValidAt(Instant.parse("2026-01-01T00:00:00Z")))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("the certificate of O=Quorate tests,CN=expired in ")
        .hasMessageEndingWith("expired on 2001-01-01");
    assertThatThrownBy(
            () ->
                read("node.pem", "node.key").requireValidAt(Instant.parse("2019-01-01T00:00:00Z")))
        .isInstanceOf(TlsException.class)
        .hasMessageEndingWith("begins on 2020-01-01");
  }

  private static TlsIdentity read(String certificate, String key) throws TlsException {
    return TlsIdentity.read(TestCertificates.file(certificate), TestCertificates.file(key));
  }

  private static AbstractThrowableAssert<?, ?> refused(String certificate, String key) {
    return assertThatThrownBy(() -> read(certificate, key))
        .isInstanceOf(TlsException.class)
        .hasMessageNotContaining("\n");
  }
}
