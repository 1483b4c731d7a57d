package dev.kiln.plugins.listeners;

import dev.kiln.spi.Factory;
import dev.kiln.spi.run.RunListener;
import dev.kiln.testkit.RunListenerContract;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

class ListenerContractsTest {

    @Nested
    class OfJsonl extends RunListenerContract {
        @Override
        protected RunListener listener(Path runFolder) {
            return new JsonlListener(runFolder.resolve("metrics.jsonl"));
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new JsonlFactory());
        }
    }

    @Nested
    class OfTensorBoard extends RunListenerContract {
        @Override
        protected RunListener listener(Path runFolder) {
            return new TensorBoardListener(runFolder.resolve("tensorboard"));
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new TensorBoardFactory());
        }
    }

    @Nested
    class OfPlot extends RunListenerContract {
        @Override
        protected RunListener listener(Path runFolder) {
            return new PlotListener(runFolder);
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new PlotFactory());
        }
    }

    @Nested
    class OfConsole extends RunListenerContract {
        @Override
        protected RunListener listener(Path runFolder) {
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
            return new ConsoleListener(new LineScreen(nowhere, 0, 1));
        }

        @Override
        public Optional<Factory<?, ?>> extension() {
            return Optional.of(new ConsoleFactory());
        }
    }
}
