package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.data.DataSource;
import dev.kiln.testkit.DataSourceContract;
import java.util.Optional;

class SumsTest extends DataSourceContract {

    @Override
    protected DataSource source() {
        return new Sums(20);
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new SumsFactory());
    }
}
