package dev.kiln.plugins.text;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.data.Split;
import java.util.Iterator;

/**
 * Chooses documents to hold out by a hash: the same document is on the same side in every run,
 * whatever the seed and whatever is next to it, as long as both sides have one.
 *
 * @param below documents whose place is lower are held out, in [0, 1]
 */
record HeldOut(double below) {

    /**
     * That of a share: at least one document is held out unless the share is 0, and never all. Where
     * the hash puts all on one side, the one with the lowest place is held out, or the one with the
     * highest trained on. Reads until both sides have a document.
     *
     * @param share of the documents that is held out on average, in [0, 1)
     */
    static HeldOut of(double share, Iterator<String> documents) {
        double lowest = 1;
        double highest = 0;
        while (share > 0 && documents.hasNext()) {
            double place = place(documents.next());
            lowest = Math.min(lowest, place);
            highest = Math.max(highest, place);
            if (lowest < share && highest >= share) {
                return new HeldOut(share);
            }
        }
        if (share == 0 || lowest >= highest) {
            return new HeldOut(0); // Nothing is asked for, or there is only one.
        }
        return new HeldOut(lowest >= share ? Math.nextUp(lowest) : highest);
    }

    /** The side of a document that this key (its name, its text) tells from others. */
    Split split(String key) {
        return place(key) < below ? Split.HELD_OUT : Split.TRAIN;
    }

    /** A number in [0, 1) that follows from the key alone. */
    static double place(String key) {
        return Randomness.uniform(Randomness.key(0, key), 0);
    }
}
