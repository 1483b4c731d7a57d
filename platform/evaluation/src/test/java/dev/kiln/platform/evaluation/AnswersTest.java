package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswersTest {
    @Test
    void anInterruptedThreadStopsWriting(@TempDir Path folder) throws IOException {
        try (TinyLanguage tiny = new TinyLanguage(16);
                RequestCache cache = new RequestCache(folder.resolve("requests.txt"), "tiny")) {
            Answers answers = new Answers(tiny.model(), cache, 1);
            Thread.currentThread().interrupt();
            assertThrows(
                    CancellationException.class, () -> answers.written(List.of(new int[] {65}), 8));
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }
}
