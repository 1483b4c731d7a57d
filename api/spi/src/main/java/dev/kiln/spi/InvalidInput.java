package dev.kiln.spi;

/**
 * The user's mistake: a bad option, file or combination. The message is one line that says what is
 * wrong, where (file:line:column, tensor, option) and what was expected. Kiln prints it without a
 * stack trace and exits with 2.
 */
@Stable
public class InvalidInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidInput(String message) {
        super(message);
    }

    public InvalidInput(String message, Throwable cause) {
        super(message, cause);
    }
}
