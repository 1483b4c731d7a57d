package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.run.Run;
import dev.kiln.testkit.RunContract;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

class CountTest extends RunContract {

    @Override
    protected Run run(Path runFolder) {
        TextSource text = split -> Stream.of("two", "three");
        return new Count(text, new ByteTokenizer(), runFolder);
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new CountFactory());
    }
}
