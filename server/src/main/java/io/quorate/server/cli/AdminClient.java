package io.quorate.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.driver.tls.TlsReasons;
import io.quorate.server.config.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Asks the admin port of a node. */
final class AdminClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int ANSWER_BYTES_MAX = 4 << 20;

  private final HostPort address;
  private final String scheme;
  private final HttpClient http;
  private final Optional<String> authorization;

  /**
   * Of the node at this address.
   *
   * @param tls empty for plain text
   * @param authorization the header that says who asks
   */
  AdminClient(HostPort address, Optional<SSLContext> tls, Optional<String> authorization) {
    this.address = address;
    this.authorization = authorization;
    this.scheme = tls.isPresent() ? "https://" : "http://";
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(TIMEOUT);
    tls.ifPresent(builder::sslContext);
    this.http = builder.build();
  }

  /** The JSON object that the node answers, be it a success or a refusal. */
  JsonNode get(String path) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(scheme + address + path)).timeout(TIMEOUT);
    authorization.ifPresent(header -> request.setHeader("Authorization", header));
    try {
      HttpResponse<InputStream> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return objectOf(new ObjectMapper().readTree(body.readNBytes(ANSWER_BYTES_MAX)));
      }
    } catch (JsonProcessingException e) {
      throw noAdminPort(e);
    } catch (HttpTimeoutException e) {
      throw new CommandFailedException(
          "no answer from " + address + " within " + TIMEOUT.toSeconds() + " s" + hint(), e);
    } catch (SSLException e) {
      throw new CommandFailedException(address + ": " + TlsReasons.of(e), e);
    } catch (ConnectException e) {
      throw new CommandFailedException(
          "nobody answers at " + address + "; is this the admin address of a running node?", e);
    } catch (IOException e) {
      throw new CommandFailedException(address + " broke the connection off" + hint(), e);
    }
  }

  private String hint() {
    return scheme.equals("http://")
        ? "; if its admin port speaks TLS, add --ssl or --ssl-ca FILE"
        : "; does its admin port speak TLS?";
  }

  private JsonNode objectOf(JsonNode answer) {
    if (!answer.has("error_code")) {
      throw noAdminPort(new IOException("no error_code in the answer"));
    }
    return answer;
  }

  private CommandFailedException noAdminPort(IOException cause) {
    return new CommandFailedException(
        address + " answers, but not as the admin port of a node does", cause);
  }

  /** Turns a refusal into a failure of the command. */
  static JsonNode requireSuccess(JsonNode answer) {
    int code = answer.path("error_code").asInt();
    if (code != 0) {
      throw new CommandFailedException(
          answer.path("error_message").asText() + " (error " + code + ")");
    }
    return answer;
  }
}
