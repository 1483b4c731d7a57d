package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputTest {
    private static Output failing(String message) {
        return new Output(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException(message);
                    }
                });
    }

    @Test
    void whatIsWrittenArrives() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output output = new Output(bytes);
        new PrintStream(output, true).println("text");
        assertEquals("text" + System.lineSeparator(), bytes.toString());
        assertEquals(Optional.empty(), output.lost());
    }

    @Test
    void whatAPrintStreamSwallowsIsKept() {
        Output output = failing("No space left on device");
        new PrintStream(output, true).println("text");
        assertEquals(
                Optional.of("standard output can't be written: No space left on device"),
                output.lost());
    }

    @Test
    void aReaderThatHadEnoughIsNoLoss() {
        Output output = failing("Broken pipe");
        new PrintStream(output, true).println("text");
        assertEquals(Optional.empty(), output.lost());
    }

    @Test
    void dataThatCannotBePassedOnEndsTheVerb() {
        Pipes full = new Pipes(InputStream.nullInputStream(), failing("No space left on device"));
        InvalidInput error = assertThrows(InvalidInput.class, () -> full.write(new byte[] {1}, 1));
        assertTrue(error.getMessage().endsWith("No space left on device"), error::getMessage);
        Pipes gone = new Pipes(InputStream.nullInputStream(), failing("Broken pipe"));
        assertThrows(ReaderGone.class, () -> gone.write(new byte[] {1}, 1));
    }
}
