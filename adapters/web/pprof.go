package web

import (
	"net/http"
	"net/http/pprof" // registers itself with a mux that nothing here serves
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
)

// longestProfile bounds for how long one may be taken.
const longestProfile = 10 * time.Minute

// profiles adds /debug/pprof/, for `go tool pprof http://OPS/debug/pprof/profile`.
func profiles(r gin.IRouter) {
	at := r.Group("/debug/pprof", unhurried)
	at.GET("/", gin.WrapF(pprof.Index))
	at.GET("/:name", gin.WrapF(pprof.Index)) // heap, goroutine, mutex ...
	at.GET("/cmdline", gin.WrapF(pprof.Cmdline))
	at.GET("/profile", gin.WrapF(pprof.Profile))
	at.GET("/symbol", gin.WrapF(pprof.Symbol))
	at.POST("/symbol", gin.WrapF(pprof.Symbol))
	at.GET("/trace", gin.WrapF(pprof.Trace))
}

// unhurried lets an answer take as long as the profile that it is asked for.
func unhurried(g *gin.Context) {
	_ = http.NewResponseController(g.Writer).SetWriteDeadline(time.Now().Add(profileTakes(g.Query("seconds")) + writeWithin))
	g.Next()
}

// profileTakes is for how long a profile is taken; 30 s when that is not said.
func profileTakes(seconds string) time.Duration {
	n, err := strconv.ParseFloat(seconds, 64)
	if err != nil || !(n > 0) {
		return 30 * time.Second
	}
	return time.Duration(min(n, longestProfile.Seconds()) * float64(time.Second))
}
