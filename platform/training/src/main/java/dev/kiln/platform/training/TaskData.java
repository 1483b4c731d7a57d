package dev.kiln.platform.training;

import dev.kiln.platform.inference.heads.HeadTask;

/** A task, its parts as tokens. */
record TaskData(HeadTask task, HeadTask.Part train, HeadTask.Part validation, HeadTask.Part test) {

    /** Examples that lost tokens. */
    int cut() {
        return train.cut() + validation.cut() + test.cut();
    }

    /** Whether there is something to report on beside what the run chooses by. */
    boolean hasTest() {
        return !test.examples().isEmpty() && test.answered();
    }
}
