package dev.kiln.platform.runtime;

/** A plugin cannot be used; the message says why, and the others go on. */
final class PluginRefused extends Exception {
    private static final long serialVersionUID = 1L;

    PluginRefused(String message) {
        super(message);
    }

    /** The reason that something thrown gives, on one line. */
    static PluginRefused because(String what, Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        String line = what + ": " + cause.getClass().getSimpleName() + message;
        return new PluginRefused(line.strip().replaceAll("\\s*\\R\\s*", " "));
    }
}
