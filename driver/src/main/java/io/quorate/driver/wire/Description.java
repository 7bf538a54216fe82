package io.quorate.driver.wire;

/** What a statement returns and takes. */
public final class Description extends Message {
  private final boolean returnsRows;
  private final Signature columns;
  private final Signature parameters;
  private final SessionState state;

  /**
   * @param columns of the rows; none unless it returns rows
   * @param parameters one for each question mark; their labels are of no interest
   */
  public Description(
      boolean returnsRows, Signature columns, Signature parameters, SessionState state) {
    this.returnsRows = returnsRows;
    this.columns = columns;
    this.parameters = parameters;
    this.state = state;
  }

  @Override
  public FrameType type() {
    return FrameType.DESCRIPTION;
  }

  @Override
  void write(WireWriter writer) {
    writer.flag(returnsRows);
    columns.write(writer);
    parameters.write(writer);
    state.write(writer);
  }

  static Description read(WireReader reader) {
    return new Description(
        reader.flag(), Signature.read(reader), Signature.read(reader), SessionState.read(reader));
  }

  public boolean returnsRows() {
    return returnsRows;
  }

  public Signature columns() {
    return columns;
  }

  public Signature parameters() {
    return parameters;
  }

  @Override
  public SessionState state() {
    return state;
  }
}
