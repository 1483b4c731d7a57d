package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.InvalidInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The lines of UTF-8 files. */
final class Lines {
    private Lines() {}

    /**
     * Hands on line by line.
     *
     * @throws InvalidInput when the file cannot be read or a line is not UTF-8
     */
    static void each(Path file, Consumer<Line> reader) {
        // Latin-1 passes bytes through, so that each line is decoded, and blamed, by itself.
        try (BufferedReader raw = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 1;
            for (String line = raw.readLine(); line != null; line = raw.readLine()) {
                Place place = new Place(file, number++);
                reader.accept(new Line(place, decode(line, place)));
            }
        } catch (IOException e) {
            throw Place.unreadable(file, e);
        }
    }

    /** As {@link #each}, without blank lines. */
    static void eachFilled(Path file, Consumer<Line> reader) {
        each(
                file,
                line -> {
                    if (!line.text().isBlank()) {
                        reader.accept(line);
                    }
                });
    }

    private static String decode(String raw, Place place) {
        ByteBuffer bytes = ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1));
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return place.line() == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new InvalidInput(place.refuse("expected UTF-8").getMessage(), e);
        }
    }
}
