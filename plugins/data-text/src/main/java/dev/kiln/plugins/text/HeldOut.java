package dev.kiln.plugins.text;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.data.Split;

/**
 * Chooses documents to hold out by a hash: the same document is on the same side in every run,
 * whatever the seed and whatever is beside it.
 *
 * @param share of the documents that is held out on average, in [0, 1)
 */
record HeldOut(double share) {

    /** The side of a document that this key (its name, its text) tells from others. */
    Split split(String key) {
        return place(key) < share ? Split.HELD_OUT : Split.TRAIN;
    }

    /** A number in [0, 1) that follows from the key alone. */
    static double place(String key) {
        return Randomness.uniform(Randomness.key(0, key), 0);
    }
}
