package dev.kiln.plugins.listeners;

/** What the plot shows. Its memory does not grow with the run. */
final class LossHistory {
    private final String title;
    private final Series training = new Series();
    private final Series heldOut = new Series();
    private long step;
    private long tokens;

    LossHistory(String title) {
        this.title = title;
    }

    void add(LossRow row) {
        training.add(row.tokens(), row.training());
        heldOut.add(row.tokens(), row.heldOut());
        step = row.step();
        tokens = row.tokens();
    }

    boolean isEmpty() {
        return training.size() + heldOut.size() == 0;
    }

    String title() {
        return title;
    }

    Series training() {
        return training;
    }

    Series heldOut() {
        return heldOut;
    }

    long step() {
        return step;
    }

    long tokens() {
        return tokens;
    }
}
