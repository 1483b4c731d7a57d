package dev.kiln.platform.autograd;

/** What a tape keeps of a forward pass until the backward pass (Chen et al., 2016, section 3). */
public enum ActivationCheckpointing {
    /** Everything that a gradient needs. */
    NONE,
    /**
     * Of a block only its input and its result: its body runs once more on the way back, with the
     * same dropout, so losses and gradients have the same bits. Costs about a third more work.
     */
    BLOCKS
}
