package dev.kiln.kernels;

/**
 * A part of what attention does to a tile. The parts are called through a list, so that the
 * compiler takes each by itself: it stops to inline when a method has grown large, and where it
 * stops inside a loop over vectors, these become objects on the heap.
 *
 * @param <H> the head's kernel
 */
interface TileStep<H> {
    void run(H head, HeadTile own, int tile);
}
