package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuorateUrlTest {
  private static QuorateUrl parse(String url) throws SQLException {
    return QuorateUrl.parse(url, new Properties());
  }

  @Test
  void hosts_ports_schema_and_options() throws SQLException {
    QuorateUrl url =
        parse(
            "jdbc:quorate://a:1,b,[::1]:3/My%20Schema?target=PREFER-follower&password=a%26b%3D+c");
    assertThat(url.hosts())
        .extracting(Object::toString)
        .containsExactly("a:1", "b:8765", "[::1]:3");
    assertThat(url.schema()).isEqualTo("My Schema");
    assertThat(url.option(ConnectionOption.TARGET)).isEqualTo("prefer-follower");
    assertThat(url.option(ConnectionOption.PASSWORD)).isEqualTo("a&b=+c");
    assertThat(url.option(ConnectionOption.READ_LEVEL)).isEqualTo("SESSION");
  }

  @Test
  void slash_and_schema_may_be_left_out() throws SQLException {
    assertThat(parse("jdbc:quorate://a").schema()).isEmpty();
    assertThat(parse("jdbc:quorate://a/").schema()).isEmpty();
    assertThat(parse("jdbc:quorate://a?user=u").option(ConnectionOption.USER)).isEqualTo("u");
  }

  @Test
  void the_url_goes_before_the_properties() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "p");
    properties.setProperty("fetch_size", "5");
    QuorateUrl url = QuorateUrl.parse("jdbc:quorate://a/?user=u", properties);
    assertThat(url.option(ConnectionOption.USER)).isEqualTo("u");
    assertThat(url.number(ConnectionOption.FETCH_SIZE)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:quorate:",
        "jdbc:quorate://",
        "jdbc:quorate:///s",
        "jdbc:quorate:a:1",
        "jdbc:quorate://a:x/",
        "jdbc:quorate://a:0/",
        "jdbc:quorate://a:99999/",
        "jdbc:quorate://a:/",
        "jdbc:quorate://a,,b/",
        "jdbc:quorate://a b/",
        "jdbc:quorate://[::1/",
        "jdbc:quorate://a/s/t",
        "jdbc:quorate://a/?novalue",
        "jdbc:quorate://a/?=v",
        "jdbc:quorate://a/?x=%zz",
        "jdbc:quorate://a/?nonsense=1",
        "jdbc:quorate://a/?target=nowhere",
        "jdbc:quorate://a/?fetch_size=many",
        "jdbc:quorate://a/?fetch_size=0",
        "jdbc:quorate://a/?socket_timeout=-1",
        "jdbc:quorate://a/?ssl=maybe",
        "jdbc:quorate://a/?ssl_mode=verify",
        "jdbc:quorate://a/?ssl=true&ssl_mode=disable",
        "jdbc:quorate://a/?ssl=false&ssl_mode=require",
        "jdbc:quorate://a/?ssl_mode=require&ssl_ca=ca.pem",
        "jdbc:quorate://a/?ssl=true&ssl_cert=c.pem",
        "jdbc:quorate://a/?ssl=true&ssl_key=c.key"
      })
  void what_is_wrong_is_told_in_one_line(String url) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> parse(url))
        .satisfies(
            e -> {
              assertThat(e.getSQLState()).isEqualTo("22023");
              assertThat(e.getErrorCode()).isEqualTo(ErrorCode.INVALID_PARAMETER.number());
              assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:quorate:mem:x",
        "jdbc:quorate:embedded:/tmp/x",
        "jdbc:quorate://a/?transport=http"
      })
  void what_is_to_come_is_told_as_not_supported(String url) {
    assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
        .isThrownBy(() -> parse(url))
        .withMessageContaining("not supported by this version yet");
  }

  @Test
  void a_password_is_not_shown() {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> parse("jdbc:quorate://a:x/?password=secret"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }
}
