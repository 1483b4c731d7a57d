package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @TempDir private Path folder;

    private Command inspect(Path path, String... more) {
        String[] arguments = new String[2 + more.length];
        arguments[0] = "inspect";
        arguments[1] = path.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Command.kiln(folder, "", arguments);
    }

    /** Two tensors by hand: the format's own text. */
    private Path small(String name) throws IOException {
        String header =
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2,3],\"data_offsets\":[8,20]},"
                        + "\"a\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}}";
        byte[] bytes = new byte[8 + header.length() + 20];
        bytes[0] = (byte) header.length();
        System.arraycopy(
                header.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                0,
                bytes,
                8,
                header.length());
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void aFileIsATableOfItsTensors() throws IOException {
        Path file = small("x.safetensors");
        Command command = inspect(file);
        assertEquals(0, command.exitCode(), command.err());
        assertEquals(
                """
                FILE: 2 tensors, 7 elements, SIZE bytes
                  metadata format: pt
                  tensor  dtype  shape   bytes  offset
                  b       BF16   [2, 3]     12       8
                  a       I64    []          8       0
                """
                        .replace("FILE", file.toString())
                        .replace("SIZE", String.valueOf(Files.size(file))),
                command.out());
    }

    @Test
    void aFileAsJsonHasTheSame() throws IOException {
        Path file = small("x.safetensors");
        assertEquals(
                "{\"file\":\"FILE\",\"bytes\":SIZE,\"elements\":7,\"metadata\":{\"format\":\"pt\"},"
                                .replace("FILE", file.toString())
                                .replace("SIZE", String.valueOf(Files.size(file)))
                        + "\"tensors\":{\"b\":{\"dtype\":\"BF16\",\"shape\":[2,3],\"elements\":6,"
                        + "\"bytes\":12,\"data_offsets\":[8,20]},"
                        + "\"a\":{\"dtype\":\"I64\",\"shape\":[],\"elements\":1,"
                        + "\"bytes\":8,\"data_offsets\":[0,8]}}}\n",
                inspect(file, "--json").data());
    }

    /** 257 and 6 rows of 8, two blocks of 12·8² + 13·8, a final norm of 2·8: 3,864. */
    @Test
    void aRunFolderTellsItsModelItsCheckpointsAndItsWeights() throws IOException {
        Path run = TinyRunFolder.write(folder.resolve("run"));
        Command command = inspect(run);
        assertEquals(0, command.exitCode(), command.err());
        assertTrue(
                command.out()
                        .startsWith(
                                """
                                RUN: run folder, 3,864 elements in the files below
                                  model          tiny
                                  layers         2
                                  heads          2
                                  width          8
                                  context        6
                                  vocabulary     257
                                  head           language-model
                                  tokenizer      bytes
                                  tokenizer_ids  257
                                checkpoints
                                  step-00000020  step 20  2,000 tokens  best held-out loss 2.5000 at step 10
                                  step-00000010  step 10  1,000 tokens  best held-out loss 2.5000 at step 10
                                RUN/checkpoints/step-00000010/model.safetensors: 28 tensors, 3,864 elements,\
                                """
                                        .replace("RUN", run.toString())),
                command::out);
        String json = inspect(run, "--json").data();
        assertTrue(json.contains("\"kind\":\"run folder\",\"config\":{\"model\":\"tiny\","), json);
        assertTrue(json.contains("\"best_step\":10,\"best_loss\":2.5"), json);
    }

    @Test
    void aBrokenCheckpointIsNamedAndAnotherTaken() throws IOException {
        Path run = TinyRunFolder.write(folder.resolve("run"));
        Path state = run.resolve("checkpoints/step-00000010/state.json");
        Files.writeString(state, "{");
        Command command = inspect(run);
        assertEquals(0, command.exitCode(), command.err());
        assertTrue(command.out().contains("step-00000010  broken"), command::out);
        assertTrue(command.out().contains("step-00000020/model.safetensors: 28"), command::out);
    }

    @Test
    void aHuggingFaceFolderTellsItsConfigAndItsShards() throws IOException {
        small("model-00001-of-00002.safetensors");
        small("model-00002-of-00002.safetensors");
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\": \"gpt2\", \"n_layer\": 2, \"layer_norm_epsilon\": 1e-05}");
        Command command = inspect(folder);
        assertEquals(0, command.exitCode(), command.err());
        assertTrue(
                command.out()
                        .startsWith(
                                folder
                                        + ": Hugging Face folder, 14 elements in the files below\n"
                                        + "  model_type          gpt2\n"
                                        + "  n_layer             2\n"),
                command::out);
        String json = inspect(folder, "--json").data();
        assertTrue(
                json.contains(
                        "\"config\":{\"model_type\":\"gpt2\",\"n_layer\":2,"
                                + "\"layer_norm_epsilon\":1.0E-5},\"checkpoints\":[],\"elements\":14"),
                json);
    }

    @Test
    void whatIsNoModelIsRefusedInOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "these are my notes");
        for (Path path : new Path[] {text, folder, folder.resolve("none")}) {
            for (String more : new String[] {"--debug=false", "--json"}) {
                Command command = inspect(path, more);
                assertEquals(2, command.exitCode(), command.err());
                assertEquals("", command.out() + command.data());
                assertEquals(1, command.err().lines().count(), command.err());
                assertTrue(command.err().contains(path.toString()), command::err);
            }
        }
    }
}
