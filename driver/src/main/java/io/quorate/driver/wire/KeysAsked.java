package io.quorate.driver.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which columns of the rows that an INSERT puts are to come with its answer. Immutable. */
public final class KeysAsked {
  /** No columns. */
  public static final KeysAsked NONE = new KeysAsked(Kind.NONE, List.of(), List.of());

  /** Those of the table's primary key. */
  public static final KeysAsked PRIMARY_KEY = new KeysAsked(Kind.PRIMARY_KEY, List.of(), List.of());

  /** How the columns are named, each with the number that is sent. */
  public enum Kind {
    NONE(0),
    PRIMARY_KEY(1),
    BY_NAME(2),
    BY_NUMBER(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  private final Kind kind;
  private final List<String> names;
  private final List<Integer> numbers;

  private KeysAsked(Kind kind, List<String> names, List<Integer> numbers) {
    this.kind = kind;
    this.names = Collections.unmodifiableList(new ArrayList<>(names));
    this.numbers = Collections.unmodifiableList(new ArrayList<>(numbers));
  }

  /** Columns of these names; one that is not there as it is written may be there in other case. */
  public static KeysAsked byName(List<String> names) {
    return new KeysAsked(Kind.BY_NAME, names, List.of());
  }

  /** Columns of the table by their number, from 1 on. */
  public static KeysAsked byNumber(List<Integer> numbers) {
    return new KeysAsked(Kind.BY_NUMBER, List.of(), numbers);
  }

  void write(WireWriter writer) {
    writer.octet(kind.number);
    if (kind == Kind.BY_NAME) {
      writer.varint(names.size());
      names.forEach(writer::text);
    } else if (kind == Kind.BY_NUMBER) {
      writer.varint(numbers.size());
      numbers.forEach(writer::varint);
    }
  }

  static KeysAsked read(WireReader reader) {
    int kind = reader.octet();
    switch (kind) {
      case 0:
        return NONE;
      case 1:
        return PRIMARY_KEY;
      case 2:
        List<String> names = new ArrayList<>();
        for (int left = reader.items(WireLimits.COLUMNS_MAX); left > 0; left--) {
          names.add(reader.text());
        }
        return byName(names);
      case 3:
        List<Integer> numbers = new ArrayList<>();
        for (int left = reader.items(WireLimits.COLUMNS_MAX); left > 0; left--) {
          numbers.add(reader.intCount(Integer.MAX_VALUE));
        }
        return byNumber(numbers);
      default:
        throw new ProtocolException("keys are not asked for by the number " + kind);
    }
  }

  public boolean isNone() {
    return kind == Kind.NONE;
  }

  public Kind kind() {
    return kind;
  }

  public List<String> names() {
    return names;
  }

  public List<Integer> numbers() {
    return numbers;
  }

  @Override
  public String toString() {
    return kind + " " + (kind == Kind.BY_NUMBER ? numbers : names);
  }
}
