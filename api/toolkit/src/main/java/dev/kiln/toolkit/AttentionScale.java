package dev.kiln.toolkit;

/** What the products of queries and keys are multiplied by before the softmax. */
public enum AttentionScale {
    /** 1/√s for heads of s elements (Vaswani et al., 2017, section 3.2.1). */
    HEAD(true, false),
    /** 1/(√s n) in the n-th layer, counted from 1: Mistral's GPT-2s. */
    HEAD_AND_LAYER(true, true),
    /** 1/n in the n-th layer, counted from 1. */
    LAYER(false, true),
    /** 1: GPT-Neo. */
    NONE(false, false);

    private final boolean byHead;
    private final boolean byLayer;

    AttentionScale(boolean byHead, boolean byLayer) {
        this.byHead = byHead;
        this.byLayer = byLayer;
    }

    /** Whether the width of a head counts. */
    public boolean byHead() {
        return byHead;
    }

    /** Whether the layer's number counts. */
    public boolean byLayer() {
        return byLayer;
    }

    /**
     * The factor.
     *
     * @param headWidth elements of a head
     * @param layer 0-based index of the block
     */
    public double factor(int headWidth, int layer) {
        return 1 / ((byHead ? Math.sqrt(headWidth) : 1) * (byLayer ? layer + 1 : 1));
    }
}
