package dev.kiln.platform.runtime;

/** A plugin cannot be used; the message says why, and the others go on. */
final class PluginRefused extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_NAME = 100;

    PluginRefused(String message) {
        super(plain(message));
    }

    /** The reason that something thrown gives, on one line. */
    static PluginRefused because(String what, Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new PluginRefused(what + ": " + cause.getClass().getSimpleName() + message);
    }

    /** A name that an archive gives, which may be long. */
    static String quote(String name) {
        return name.length() > LONGEST_NAME
                ? "'" + name.substring(0, LONGEST_NAME) + "…'"
                : "'" + name + "'";
    }

    /** On one line, and with nothing that a terminal would obey. */
    static String plain(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }
}
