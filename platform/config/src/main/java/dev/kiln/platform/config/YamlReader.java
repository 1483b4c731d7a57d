package dev.kiln.platform.config;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads YAML, within bounds of size, depth and aliases, to nodes that know their places. */
final class YamlReader {
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 50;

    private YamlReader() {}

    /**
     * The one document of a file, its variables expanded.
     *
     * @throws InvalidInput when the file is missing, too big or not YAML, or a variable is not set
     */
    static Node file(Path file, Variables variables) {
        MaskedYaml masked = MaskedYaml.of(text(file));
        Places places = (line, column) -> Place.in(file.toString(), line, column);
        return parse(
                masked.text(),
                places,
                new Texts() {
                    @Override
                    public String value(String text, Place place) {
                        return variables.expand(masked.unmask(text), place);
                    }

                    @Override
                    public String other(String text) {
                        return masked.unmask(text);
                    }
                });
    }

    /** A document that is here already, called {@code name} in messages. */
    static Node text(String text, Path name) {
        return parse(
                text, (line, column) -> Place.in(name.toString(), line, column), Texts.AS_THEY_ARE);
    }

    /** A value of an override or a default, all at one place. */
    static Node value(String text, Place place) {
        return parse(text, (_, _) -> place, Texts.AS_THEY_ARE);
    }

    /** Gives lines and columns, from 1, their places. */
    @FunctionalInterface
    interface Places {
        Place at(int line, int column);

        default Place of(Mark mark) {
            return at(mark.getLine() + 1, mark.getColumn() + 1);
        }
    }

    /** What the parser's texts mean. */
    interface Texts {
        Texts AS_THEY_ARE =
                new Texts() {
                    @Override
                    public String value(String text, Place place) {
                        return text;
                    }

                    @Override
                    public String other(String text) {
                        return text;
                    }
                };

        /** A scalar other than a key. */
        String value(String text, Place place);

        /** A key, or a part of a message. */
        String other(String text);
    }

    private static Node parse(String text, Places places, Texts texts) {
        try {
            org.yaml.snakeyaml.nodes.Node root = new Yaml(bounds()).compose(new StringReader(text));
            Place start = places.at(1, 1);
            return root == null
                    ? new Node.Scalar("", true, start)
                    : new NodeConverter(places, texts).convert(root, 0);
        } catch (MarkedYAMLException e) {
            Place place =
                    e.getProblemMark() == null ? places.at(1, 1) : places.of(e.getProblemMark());
            throw place.error("not valid YAML: " + texts.other(oneLine(e.getProblem())));
        } catch (YAMLException e) {
            throw places.at(1, 1).error("not valid YAML: " + texts.other(oneLine(e.getMessage())));
        }
    }

    private static LoaderOptions bounds() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(MAX_DEPTH);
        return options;
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String text(Path file) {
        if (file.toString().isEmpty()) {
            throw new InvalidInput("expected a YAML file, found an empty path");
        }
        if (Files.isDirectory(file)) {
            throw new InvalidInput(file + ": expected a YAML file, found a folder");
        }
        if (!Files.exists(file)) {
            throw new InvalidInput(file + ": no such file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new InvalidInput(file + ": expected at most 1 MiB of YAML, found more");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInput(file + ": expected UTF-8 text, found other bytes", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static InvalidInput unreadable(Path file, IOException problem) {
        String why =
                switch (problem) {
                    case AccessDeniedException _ -> "permission denied";
                    case FileSystemException named -> "cannot be read: " + named.getReason();
                    default -> "cannot be read: " + problem.getMessage();
                };
        return new InvalidInput(file + ": " + why, problem);
    }
}
