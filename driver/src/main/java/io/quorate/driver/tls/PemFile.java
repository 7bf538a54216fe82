package io.quorate.driver.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and keys in the text form that tools write (RFC 7468). Immutable. */
final class PemFile {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** Hundreds of certificates. */
  private static final long BYTES_MAX = 1 << 20;

  /** PKCS#8 says the algorithm inside; the factories are asked in turn who knows it. */
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private final Path path;
  private final List<Block> blocks;

  private PemFile(Path path, List<Block> blocks) {
    this.path = path;
    this.blocks = blocks;
  }

  private static final class Block {
    private final String label;
    private final String body;

    Block(String label, String body) {
      this.label = label;
      this.body = body;
    }
  }

  /**
   * Reads a file.
   *
   * @throws TlsException in one line that names the file
   */
  static PemFile read(Path path) throws TlsException {
    try {
      if (Files.size(path) > BYTES_MAX) {
        throw new TlsException(path + " is larger than a file of certificates may be, 1 MiB");
      }
      String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
      return new PemFile(path, blocks(path, text));
    } catch (TlsException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new TlsException(path + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new TlsException(path + " cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new TlsException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** What stands between the blocks is for people, and left out. */
  private static List<Block> blocks(Path path, String text) throws TlsException {
    List<Block> blocks = new ArrayList<>();
    String label = "";
    StringBuilder body = new StringBuilder();
    for (String line : text.split("\\R", -1)) {
      String trimmed = line.trim();
      if (trimmed.startsWith(BEGIN) && trimmed.endsWith(DASHES)) {
        label = trimmed.substring(BEGIN.length(), trimmed.length() - DASHES.length());
        body.setLength(0);
      } else if (!label.isEmpty() && trimmed.equals(END + label + DASHES)) {
        blocks.add(new Block(label, body.toString()));
        label = "";
      } else {
        body.append(trimmed);
      }
    }
    if (!label.isEmpty()) {
      throw new TlsException(path + " ends within its " + label);
    }
    return blocks;
  }

  /**
   * All certificates, in the order of the file; at least one.
   *
   * @throws TlsException when there is none, or one that cannot be read
   */
  List<X509Certificate> certificates() throws TlsException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.label.equals("CERTIFICATE")) {
        certificates.add(certificate(block));
      }
    }
    if (certificates.isEmpty()) {
      throw new TlsException(path + " holds no certificate in PEM form (BEGIN CERTIFICATE)");
    }
    return certificates;
  }

  private X509Certificate certificate(Block block) throws TlsException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes(block)));
    } catch (CertificateException e) {
      throw new TlsException(path + " holds a certificate that cannot be read", e);
    }
  }

  /**
   * The only key.
   *
   * @throws TlsException when there is none, more than one, or one in another form than PKCS#8
   */
  PrivateKey key() throws TlsException {
    Block found = null;
    for (Block block : blocks) {
      if (block.label.endsWith("PRIVATE KEY")) {
        if (found != null) {
          throw new TlsException(path + " holds more than one key");
        }
        found = block;
      }
    }
    if (found == null) {
      throw new TlsException(path + " holds no key in PEM form (BEGIN PRIVATE KEY)");
    }
    requirePkcs8(found.label);
    return key(bytes(found));
  }

  private void requirePkcs8(String label) throws TlsException {
    switch (label) {
      case "PRIVATE KEY":
        return;
      case "ENCRYPTED PRIVATE KEY":
        throw new TlsException(
            path + " is encrypted; take its password off: openssl pkey " + inAndOut());
      case "RSA PRIVATE KEY":
        throw new TlsException(path + " is in PKCS#1 form; " + conversion());
      default:
        throw new TlsException(path + " is a " + label + ", not PKCS#8; " + conversion());
    }
  }

  private String conversion() {
    return "convert it: openssl pkcs8 -topk8 -nocrypt " + inAndOut();
  }

  private String inAndOut() {
    return "-in " + path + " -out NEW";
  }

  private PrivateKey key(byte[] pkcs8) throws TlsException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    TlsException failure =
        new TlsException(path + " holds a key that cannot be read; RSA and EC are known");
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  private byte[] bytes(Block block) throws TlsException {
    try {
      return Base64.getDecoder().decode(block.body);
    } catch (IllegalArgumentException e) {
      throw new TlsException(path + " is damaged within its " + block.label, e);
    }
  }
}
