package dev.kiln.plugins.onednn;

/** A call of oneDNN failed. */
final class OneDnnException extends IllegalStateException {
    private static final long serialVersionUID = 1;
    private static final int UNIMPLEMENTED = 3;

    private final int status;

    OneDnnException(int status) {
        super("oneDNN refused with status " + status + " of dnnl_status_t");
        this.status = status;
    }

    /** Whether the library has no code for what was asked. */
    boolean unimplemented() {
        return status == UNIMPLEMENTED;
    }
}
