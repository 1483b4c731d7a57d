package dev.kiln.plugins.taskfiles;

import org.pf4j.Extension;

/** {@code mnli}: {@link Mnli}, of the genres that the training part has too ("matched"). */
@Extension
public final class MnliFactory extends FilesTaskFactory {
    public MnliFactory() {
        super(
                "mnli",
                Mnli.SHAPE,
                PartNames.of("train.tsv", "dev_matched.tsv", "test_matched.tsv"),
                Mnli.FORMAT);
    }
}
