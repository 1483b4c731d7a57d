package dev.kiln.plugins.bpe;

/** A word of the corpus in training: its tokens so far, and how often it occurs. One thread. */
final class TrainingWord {
    private final long count;
    private final int[] ids;
    private int length;

    /** Takes the ids of the word's bytes, and counts its pairs. */
    TrainingWord(int[] ids, long count, PairQueue pairs) {
        this.ids = ids;
        this.length = ids.length;
        this.count = count;
        for (int i = 0; i + 1 < length; i++) {
            pairs.add(ids[i], ids[i + 1], this);
        }
    }

    /** How often the word occurs in the corpus. */
    long count() {
        return count;
    }

    /** Applies a merge from left to right, and counts the pairs that it breaks and makes. */
    void apply(Merge merge, PairQueue pairs) {
        int kept = 0;
        for (int i = 0; i < length; i++) {
            boolean here = ids[i] == merge.left() && i + 1 < length && ids[i + 1] == merge.right();
            if (!here) {
                ids[kept++] = ids[i];
                continue;
            }
            if (kept > 0) {
                pairs.subtract(ids[kept - 1], merge.left(), this);
                pairs.add(ids[kept - 1], merge.merged(), this);
            }
            if (i + 2 < length) {
                pairs.subtract(merge.right(), ids[i + 2], this);
                pairs.add(merge.merged(), ids[i + 2], this);
            }
            ids[kept++] = merge.merged();
            i++;
        }
        length = kept;
    }
}
