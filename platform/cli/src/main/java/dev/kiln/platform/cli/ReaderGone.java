package dev.kiln.platform.cli;

/** Nobody reads standard output any more, so a verb that passes data on may end, and all is well. */
final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReaderGone(Exception cause) {
        super(cause);
    }
}
