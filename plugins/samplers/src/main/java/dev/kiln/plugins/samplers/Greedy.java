package dev.kiln.plugins.samplers;

import dev.kiln.spi.generation.Sampler;

/** The most probable token; of equals, the one with the smallest id. */
enum Greedy implements Sampler {
    GREEDY;

    @Override
    public int next(float[] logits, int[] history, int length, long key) {
        int best = -1;
        float highest = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < logits.length; id++) {
            if (logits[id] > highest) {
                highest = logits[id];
                best = id;
            }
        }
        if (best < 0) {
            throw new IllegalArgumentException("no token has a logit that is a number");
        }
        return best;
    }
}
