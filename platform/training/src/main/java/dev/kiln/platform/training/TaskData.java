package dev.kiln.platform.training;

import dev.kiln.platform.inference.heads.HeadTask;

/** A task, its parts as tokens. */
record TaskData(HeadTask task, HeadTask.Part train, HeadTask.Part validation, HeadTask.Part test) {

    /** Examples that lost tokens. */
    int cut() {
        return train.cut() + validation.cut() + test.cut();
    }
}
