package dev.kiln.platform.evaluation;

import java.util.List;
import java.util.Queue;

/**
 * One sequence of the cache, and the windows that go through it one after the other. Each reads only
 * what the cache does not hold of it: nothing of a context that the window before had too.
 */
final class Lane {
    private final Queue<List<Window>> questions;

    /** Windows of one context. */
    private List<Window> question = List.of();

    private int at;
    private int[] held = {};
    private int cached;

    Lane(Queue<List<Window>> questions) {
        this.questions = questions;
    }

    /** Goes on to the next window that has something to read; false when there is none. */
    boolean open() {
        while (cached == held.length) {
            if (++at < question.size()) {
                held = question.get(at).ids;
                cached = question.get(at).from + 1;
            } else if (!begin()) {
                return false;
            }
        }
        return true;
    }

    private boolean begin() {
        List<Window> next = questions.poll();
        if (next == null) {
            return false;
        }
        Window first = next.getFirst();
        cached = Math.min(Math.min(first.shared(held), cached), first.from);
        held = first.ids;
        question = next;
        at = 0;
        return true;
    }

    int cached() {
        return cached;
    }

    int pending() {
        return held.length - cached;
    }

    int id(int position) {
        return held[position];
    }

    /** Whether a position predicts a token whose likelihood is asked for. */
    boolean predicts(int position) {
        return position >= question.get(at).from;
    }

    /** Whose token it predicts: that of all windows behind their context, else of the one read. */
    List<Window> predicted(int position) {
        Window window = question.get(at);
        return position == window.from ? question : List.of(window);
    }

    /** Which token of the continuation a position predicts. */
    int place(int position) {
        return position - question.get(at).from;
    }

    void passed(int count) {
        cached += count;
    }
}
