package io.quorate.sql.plan;

import io.quorate.sql.store.StoreChange;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;

/** Several preparations of one definition, one behind the other. Confined to one thread. */
final class InTurn implements Iterator<List<StoreChange>> {
  private final Queue<Iterator<List<StoreChange>>> left;

  InTurn(List<Iterator<List<StoreChange>>> preparations) {
    this.left = new ArrayDeque<>(preparations);
  }

  @Override
  public boolean hasNext() {
    while (!left.isEmpty() && !left.element().hasNext()) {
      left.remove();
    }
    return !left.isEmpty();
  }

  @Override
  public List<StoreChange> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return left.element().next();
  }
}
