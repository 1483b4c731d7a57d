package dev.kiln.platform.training.finetune;

import dev.kiln.platform.run.TokenHash;
import dev.kiln.platform.tasks.HeadExample;
import dev.kiln.platform.tasks.HeadTask;
import dev.kiln.platform.training.corpus.Corpus;
import dev.kiln.platform.training.corpus.TokenBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A task, its parts as tokens. */
record TaskData(HeadTask task, HeadTask.Part train, HeadTask.Part validation, HeadTask.Part test) {

    /** Examples that lost tokens. */
    int cut() {
        return train.cut() + validation.cut() + test.cut();
    }

    /** Sequences of an example. */
    int sequences() {
        return train.examples().getFirst().sequences().size();
    }

    /** Tokens of the longest sequence of all parts. */
    int longest() {
        return Stream.of(train, validation, test)
                .flatMap(part -> part.examples().stream())
                .mapToInt(HeadExample::longest)
                .max()
                .orElseThrow();
    }

    /** What tells the examples of each part from others, by name. */
    Map<String, String> hashes() {
        Map<String, String> hashes = new TreeMap<>();
        hashes.put(Corpus.DATA + "train", hash(train.examples()));
        hashes.put(Corpus.DATA + "validation", hash(validation.examples()));
        hashes.put(Corpus.DATA + "test", hash(test.examples()));
        return hashes;
    }

    private static String hash(List<HeadExample> examples) {
        TokenBuffer all = new TokenBuffer();
        for (HeadExample example : examples) {
            all.add(example.sequences().size());
            for (int[] sequence : example.sequences()) {
                all.add(sequence.length);
                all.add(sequence);
            }
            all.add(example.target());
        }
        return TokenHash.of(all);
    }
}
